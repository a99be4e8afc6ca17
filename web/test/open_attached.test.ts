import assert from "node:assert/strict";
import { test } from "node:test";
import { hash, utf8 } from "../src/seal/bytes.ts";
import { epochGrantee, sealGrant } from "../src/seal/grant.ts";
import { sealLetter } from "../src/seal/letter.ts";
import { type Check, openAttached, openMessage } from "../src/seal/open.ts";
import { readerOf, said, writeLetter } from "./letterbox.ts";
import { hashFor, hybridIdentity, idFor, sealKey, settled } from "./world.ts";

const failing = (check: Check, code?: string) => ({
  name: "CheckFailed",
  check,
  ...(code === undefined ? {} : { code }),
});

test("a comment opens for the writer, and a note for its reader only", async () => {
  const world = await settled();
  const letter = await writeLetter(world, "letter", "Dear Ben");
  const attach = async (kind: "comment" | "note", to: string) => {
    const where = { realm: world.realm, letter: idFor("letter"), rev: 1 };
    const context = {
      ...where,
      kind,
      arrangement: idFor("first"),
      author: idFor("staff coord"),
      to: [idFor(to)],
    };
    const { file, identity, keyHash } = await sealLetter(context, [
      { type: "text/plain", bytes: utf8(`${kind} for ${to}`) },
    ]);
    const grant = await sealGrant({ ...where, grantee: idFor(to) }, identity, await sealKey(to));
    const certificate = world.person(to).certificate;
    const entry = {
      kind,
      membership: idFor(to),
      cert_id: certificate,
      ct_hash: hash(file),
      ct_len: 16584,
      key_hash: keyHash,
    } as const;
    const hashes = {
      grant_hash: hash(grant),
      review_grant_hash: hashFor("review"),
      archive_grant_hash: hashFor("archive"),
    };
    return { entry: { ...entry, ...hashes }, sealed: { ciphertext: file, grant } };
  };
  const [comment, note] = [await attach("comment", "ann"), await attach("note", "ben")];
  const { grants } = world.decisionFields("letter", "first", "deliver", 1, ["ben"]);
  const decisionId = world.decide("coord", "letter", "first", "deliver", 1, ["ben"], {
    grants,
    attached: [comment.entry, note.entry],
  });
  const open = (name: string, { entry, sealed }: typeof note) =>
    openAttached(readerOf(world, name), world.proof, decisionId, entry.ct_hash, sealed);
  assert.equal(said((await open("ann", comment as typeof note)).parts), "comment for ann");
  assert.equal(said((await open("ben", note)).parts), "note for ben");
  await assert.rejects(open("ann", note), failing("grant", "not-granted"));
  await assert.rejects(open("ben", { ...note, sealed: comment.sealed }), failing("file", "other-file"));
  assert.equal(letter.submitId.length, 64);
});

test("a message to the team opens with the epoch's secret", async () => {
  const world = await settled();
  const plan = world.messageFields("worry", "first", "north", "worry");
  const where = { realm: world.realm, letter: plan.message, rev: 1 };
  const context = {
    ...where,
    kind: "message",
    arrangement: plan.arrangement,
    author: idFor("ben"),
    to: [],
  } as const;
  const { file, identity, keyHash } = await sealLetter(context, [
    { type: "text/plain", bytes: utf8("I am worried") },
  ]);
  const grant = await sealGrant(
    { ...where, grantee: epochGrantee(plan.epoch_id) },
    identity,
    await sealKey("epoch north 1"),
  );
  const fields = {
    ...plan,
    ct_hash: hash(file),
    ct_len: 16584,
    key_hash: keyHash,
    grant_hash: hash(grant),
  } as const;
  const id = world.add("message", "ben", fields);
  const secret = hybridIdentity("epoch north 1");
  const { parts } = await openMessage(world.realm, secret, world.proof, id, { ciphertext: file, grant });
  assert.equal(said(parts), "I am worried");
  const other = await openMessage(world.realm, hybridIdentity("epoch south 1"), world.proof, id, {
    ciphertext: file,
    grant,
  }).catch((error: unknown) => error);
  assert.equal((other as { check: Check }).check, "grant-lines");
});
