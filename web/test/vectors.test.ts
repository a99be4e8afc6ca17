import assert from "node:assert/strict";
import { test } from "node:test";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { base64, hex, text, unbase64, unhex, utf8 } from "../src/seal/bytes.ts";
import { openBundle } from "../src/seal/bundle.ts";
import { readCheckpoint } from "../src/seal/checkpoint.ts";
import { openContact } from "../src/seal/contact.ts";
import { openDocument } from "../src/seal/document.ts";
import { openDraft } from "../src/seal/draft.ts";
import { parseEnvelope, readEnvelope, sign, verify } from "../src/seal/envelope.ts";
import { openEpoch } from "../src/seal/epoch.ts";
import { recipientOf, requireStanzas } from "../src/seal/file.ts";
import { ask } from "../src/seal/gate.ts";
import { openGrant } from "../src/seal/grant.ts";
import { inviteKeys } from "../src/seal/invite.ts";
import { SigningKey, VerifyingKey } from "../src/seal/key.ts";
import { Ledger } from "../src/seal/ledger.ts";
import { requireLogged } from "../src/seal/logged.ts";
import { keyHashOf, openLetter, requireStrictPart } from "../src/seal/letter.ts";
import { challengeBytes, proofKey } from "../src/seal/proof.ts";
import { payloadType, type Fields, type Kind, read } from "../src/seal/statement.ts";
import { statementLeaf, treeRoot, verifyConsistency, verifyInclusion } from "../src/seal/tree.ts";
import { openWrap } from "../src/seal/wrap.ts";
import { ownVectors, refusal } from "./fixtures.ts";
import type { Vectors } from "./vectors.ts";

/** One test per side: every entry of a file, from Rust and from TypeScript. */
function each<N extends keyof Vectors>(name: N, check: (entry: Vectors[N]) => void | Promise<void>): void {
  for (const side of ["rust", "typescript"] as const) {
    test(`every entry of ${side}/${name}.json is what it says`, async () => {
      const entries = ownVectors<Vectors[N]>(side, name);
      assert.ok(entries.length > 0);
      for (const entry of entries) await check(entry);
    });
  }
}

each("statements", ({ kind, seeds, body, id, envelope }) => {
  const keys = seeds.map((seed) => new SigningKey(unhex(seed, 32)));
  const signed = readEnvelope(envelope);
  assert.equal(text(unbase64(envelope.payload)), body);
  assert.equal(signed.statement.kind, kind);
  assert.equal(signed.statement.id, id);
  assert.equal(read(payloadType(kind), utf8(body)).id, id);
  verify(signed, VerifyingKey.fromHex((keys[0] as SigningKey).public));
  // Ed25519 is deterministic, so signing again gives the same envelope, byte for byte.
  const { realm, signer, ...fields } = signed.statement.body;
  assert.deepEqual(sign(kind, realm, signer, fields as unknown as Fields<Kind>, ...keys), envelope);
});

each("letters", async ({ identity, file, context, parts, key_hash }) => {
  const opened = await openLetter(unbase64(file), identity, context);
  assert.deepEqual(
    opened.map(({ type, bytes }) => ({ type, base64: base64(bytes) })),
    parts,
  );
  opened.forEach(requireStrictPart);
  assert.equal(await keyHashOf(identity), key_hash);
});

each("grants", async ({ identity, file, key, ...context }) => {
  assert.equal(await openGrant(unbase64(file), identity, context), key);
  // 1,883 bytes for a member and a revision of one digit; every character counts once.
  assert.equal(unbase64(file).length, 1850 + String(context.rev).length + context.grantee.length);
});

each("documents", async ({ identities, file, body, ...head }) => {
  requireStanzas(unbase64(file), "hybrid", identities.length);
  for (const identity of identities) assert.equal(await openDocument(unbase64(file), identity, head), body);
});

each("contacts", async ({ identity, file, contact }) => {
  assert.deepEqual(await openContact(unbase64(file), identity), contact);
});

each("epoch_wraps", async ({ identity, file, secret, ...where }) => {
  const reviewKey = await recipientOf(secret, "hybrid");
  assert.equal(await openEpoch(unbase64(file), identity, { ...where, reviewKey }), secret);
});

each("bundles", async ({ key, account, version, sealed, plain }) => {
  const opened = await openBundle(unhex(key), account, version, unbase64(sealed));
  assert.equal(JSON.stringify(opened), plain);
});

each("drafts", async ({ key, letter, sealed, plain }) => {
  assert.equal(text(await openDraft(unhex(key), letter, unbase64(sealed))), plain);
});

each("wraps", async ({ words, gate_key, sealed, key }) => {
  const request = ask(words);
  const output = request.finish(ristretto255_oprf.oprf.blindEvaluate(unhex(gate_key), request.blinded));
  assert.equal(hex(await openWrap(unbase64(sealed), words, output)), key);
});

each("invites", async ({ code, locator, sign_seed, public: publicKey, root_key, root_tag }) => {
  const keys = await inviteKeys(code);
  assert.equal(keys.locator, locator);
  assert.equal(hex(keys.sign.seed), sign_seed);
  assert.equal(keys.sign.public, publicKey);
  assert.equal(keys.rootTag(root_key), root_tag);
});

each("proof_keys", ({ key, account, public: publicKey, challenge, signature }) => {
  const proof = proofKey(unhex(key), account);
  assert.equal(proof.public, publicKey);
  assert.equal(hex(proof.sign(challengeBytes(account, challenge))), signature);
});

each("log", ({ leaves, root, checkpoint, origin, public: logKey, inclusion, consistency }) => {
  const hashes = leaves.map(({ salt, id }) => statementLeaf(unhex(salt, 16), unhex(id, 32)));
  assert.equal(hex(treeRoot(hashes)), root);
  assert.deepEqual(readCheckpoint(checkpoint, origin, logKey), { size: leaves.length, root });
  for (const [index, leaf] of hashes.entries()) {
    const path = (inclusion[index] ?? []).map((sibling) => unhex(sibling, 32));
    assert.ok(verifyInclusion(leaf, index, leaves.length, path, unhex(root, 32)));
  }
  for (const [index, siblings] of consistency.entries()) {
    const old = treeRoot(hashes.slice(0, index + 1));
    const path = siblings.map((sibling) => unhex(sibling, 32));
    assert.ok(verifyConsistency(index + 1, leaves.length, old, unhex(root, 32), path));
  }
});

each("held", ({ realm, root, statements, own, cases }) => {
  const ledger = Ledger.fold(realm, { root, statements });
  for (const { name, log, seen, code } of cases) {
    const hold = () => requireLogged(ledger, log, seen, own);
    if (code === null) assert.ok(hold().log.size >= seen.log.size, name);
    else assert.throws(hold, refusal(code), name);
  }
});

each("malformed", ({ name, envelope, code }) => {
  assert.throws(() => parseEnvelope(envelope), refusal(code), name);
});
