/** Really sealed letters in the small agency, and whoever opens them. */

import { type Bytes, hash, text, utf8 } from "../src/seal/bytes.ts";
import { epochGrantee, sealGrant } from "../src/seal/grant.ts";
import { keyHashOf, type Part, sealLetter } from "../src/seal/letter.ts";
import type { Reader } from "../src/seal/open.ts";
import { hybridIdentity, idFor, sealKey, type World } from "./world.ts";

export const said = (parts: readonly Part[]): string => parts.map(({ bytes }) => text(bytes)).join();

export const readerOf = (world: World, name: string): Reader => ({
  realm: world.realm,
  membership: idFor(name),
  certificate: world.person(name).certificate,
  identity: hybridIdentity(name),
  seen: { agency: "", log: { size: 0, root: "" } },
});

/** A really sealed letter from Ann, with its grants. */
export interface RealLetter {
  readonly submitId: string;
  readonly ciphertext: Bytes;
  readonly identity: string;
  readonly grants: { readonly epoch: Bytes; readonly archive: Bytes; readonly self: Bytes };
}

export async function writeLetter(
  world: World,
  letter: string,
  written: string,
  to = ["ben", "cai"],
): Promise<RealLetter> {
  const plan = world.submitFields(letter, 1, "first", "north", "ann", to);
  const context = {
    realm: world.realm,
    letter: plan.letter,
    rev: plan.rev,
    kind: "letter",
    arrangement: plan.arrangement,
    author: plan.author,
    to: plan.to,
  } as const;
  const { file, identity } = await sealLetter(context, [{ type: "text/plain", bytes: utf8(written) }]);
  const grant = async (grantee: string, holder: string) =>
    sealGrant({ realm: world.realm, letter: plan.letter, rev: 1, grantee }, identity, await sealKey(holder));
  const grants = {
    epoch: await grant(epochGrantee(plan.epoch_id), "epoch north 1"),
    archive: await grant("archive", "archive"),
    self: await grant(plan.author, "ann"),
  };
  const submitId = world.add("submit", "ann", {
    ...plan,
    ct_hash: hash(file),
    ct_len: file.length as 16584,
    key_hash: await keyHashOf(identity),
    grant_hash: hash(grants.epoch),
    archive_grant_hash: hash(grants.archive),
    self_grant_hash: hash(grants.self),
  });
  world.latest.set(letter, submitId);
  world.latest.set(`decision ${letter}`, "");
  return { submitId, ciphertext: file, identity, grants };
}

/** Passes a letter on to Ben; returns his grant. */
export async function passOn(
  world: World,
  letter: string,
  { identity }: RealLetter,
  by = "coord",
): Promise<Bytes> {
  const where = { realm: world.realm, letter: idFor(letter), rev: 1, grantee: idFor("ben") };
  const grant = await sealGrant(where, identity, await sealKey("ben"));
  const { grants } = world.decisionFields(letter, "first", "deliver", 1, ["ben"]);
  world.decide(by, letter, "first", "deliver", 1, ["ben"], {
    grants: grants.map((entry) => ({ ...entry, grant_hash: hash(grant) })),
  });
  return grant;
}
