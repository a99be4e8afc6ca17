/** Letters given back to somebody who lost everything open for their new keys alone. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bytes, hash } from "../src/seal/bytes.ts";
import { sealGrant } from "../src/seal/grant.ts";
import { type Check, openDelivered, openOwn, type Sealed } from "../src/seal/open.ts";
import { replace } from "./acts.ts";
import { passOn, readerOf, type RealLetter, said, writeLetter } from "./letterbox.ts";
import { FAMILY, idFor, sealKey, settled, type World } from "./world.ts";

const failing = (check: Check, code: string) => ({ name: "CheckFailed", check, code });

/** A delivered letter whose writer or reader has lost everything since, and has new keys. */
async function lost(name: "ann" | "ben"): Promise<{ w: World; letter: RealLetter; old: Bytes }> {
  const w = await settled(1, "other");
  const letter = await writeLetter(w, "letter", "Dear Ben");
  const old = await passOn(w, "letter", letter);
  await replace(w, name, "other");
  w.arrangement("first", "coord", 2, "north", 1, FAMILY);
  return { w, letter, old };
}

/** The letter key sealed to somebody; the lines name this letter, or another. */
const grantTo = async (w: World, name: string, { identity }: RealLetter, letter = "letter") =>
  sealGrant(
    { realm: w.realm, letter: idFor(letter), rev: 1, grantee: idFor(name) },
    identity,
    await sealKey(name),
  );

function halves(w: World, name: string, grant: Bytes): void {
  const fields = {
    decision_id: w.latest.get("decision letter") ?? "",
    membership: idFor(name),
    cert_id: w.person(name).certificate,
    grant_hash: "",
    reason: "lost",
    prior: "",
  } as const;
  const prior = w.add("reseal", "coord", fields);
  w.add("reseal", "other", { ...fields, grant_hash: hash(grant), prior });
}

test("a letter given back opens for the reader's new keys, with the new grant alone", async () => {
  const { w, letter, old } = await lost("ben");
  const grant = await grantTo(w, "ben", letter);
  const open = (sealed: Sealed) => openDelivered(readerOf(w, "ben"), w.proof, letter.submitId, sealed);
  const { ciphertext } = letter;
  await assert.rejects(open({ ciphertext, grant }), failing("grant", "not-granted"));
  halves(w, "ben", grant);
  assert.equal(said((await open({ ciphertext, grant })).parts), "Dear Ben");
  await assert.rejects(open({ ciphertext, grant: old }), failing("grant", "not-granted"));
});

test("a letter given back with another letter's grant does not open", async () => {
  const { w, letter } = await lost("ben");
  const grant = await grantTo(w, "ben", letter, "another letter");
  halves(w, "ben", grant);
  const sealed = { ciphertext: letter.ciphertext, grant };
  await assert.rejects(openDelivered(readerOf(w, "ben"), w.proof, letter.submitId, sealed), {
    name: "CheckFailed",
    check: "grant-lines",
  });
});

test("a writer's own copy is given back too, and is no letter to them", async () => {
  const { w, letter } = await lost("ann");
  const { ciphertext, grants } = letter;
  const grant = await grantTo(w, "ann", letter);
  const ann = readerOf(w, "ann");
  const open = (sealed: Sealed) => openOwn(ann, w.proof, letter.submitId, sealed);
  await assert.rejects(open({ ciphertext, grant: grants.self }), failing("grant", "not-granted"));
  halves(w, "ann", grant);
  assert.equal(said((await open({ ciphertext, grant })).parts), "Dear Ben");
  await assert.rejects(
    openDelivered(ann, w.proof, letter.submitId, { ciphertext, grant }),
    failing("grant", "not-granted"),
  );
});
