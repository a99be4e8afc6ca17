/** Vectors that others made: Wycheproof, RFC 9497, RFC 6962 (the age project's are in file.test.ts). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import { hex, text, unhex } from "../src/seal/bytes.ts";
import { ask } from "../src/seal/gate.ts";
import { VerifyingKey } from "../src/seal/key.ts";
import { leafHash, treeRoot, verifyConsistency, verifyInclusion } from "../src/seal/tree.ts";
import { vectorFile } from "./fixtures.ts";

interface Wycheproof {
  numberOfTests: number;
  testGroups: {
    publicKey: { pk: string };
    tests: { tcId: number; msg: string; sig: string; result: string }[];
  }[];
}

test("Wycheproof and we give the same verdicts on Ed25519", () => {
  const { numberOfTests, testGroups } = JSON.parse(
    vectorFile("wycheproof/ed25519_test.json").toString(),
  ) as Wycheproof;
  let count = 0;
  for (const { publicKey, tests } of testGroups) {
    const key = VerifyingKey.fromHex(publicKey.pk);
    for (const { tcId, msg, sig, result } of tests) {
      assert.equal(key.verifies(unhex(msg), unhex(sig)), result === "valid", String(tcId));
      count += 1;
    }
  }
  assert.equal(count, numberOfTests);
});

interface Rfc9497 {
  seed: string;
  key_info: string;
  key: string;
  vectors: { input: string; blind: string; blinded: string; evaluated: string; output: string }[];
}

test("the gate gives the outputs of RFC 9497, whatever the blind", () => {
  const { oprf } = ristretto255_oprf;
  const { seed, key_info, key, vectors } = JSON.parse(
    vectorFile("rfc9497/ristretto255-sha512-oprf.json").toString(),
  ) as Rfc9497;
  assert.equal(hex(oprf.deriveKeyPair(unhex(seed), unhex(key_info)).secretKey), key);
  assert.ok(vectors.length > 0);
  for (const { input, blind, blinded, evaluated, output } of vectors) {
    const known = ask(text(unhex(input)), bytesToNumberLE(unhex(blind)));
    assert.equal(hex(known.blinded), blinded);
    assert.equal(hex(known.finish(unhex(evaluated))), output);
    const fresh = ask(text(unhex(input)));
    assert.notEqual(hex(fresh.blinded), blinded);
    assert.equal(hex(fresh.finish(oprf.blindEvaluate(unhex(key), fresh.blinded))), output);
  }
});

interface Rfc6962 {
  leaves: string[];
  roots: string[];
  inclusion: { index: number; size: number; path: string[] }[];
  consistency: { old: number; new: number; path: string[] }[];
}

test("the reference tree of Certificate Transparency is reproduced", () => {
  const reference = JSON.parse(vectorFile("rfc6962/tree.json").toString()) as Rfc6962;
  const leaves = reference.leaves.map((leaf) => leafHash(unhex(leaf)));
  const root = (size: number) => treeRoot(leaves.slice(0, size));
  reference.roots.forEach((expected, size) => assert.equal(hex(root(size)), expected));
  for (const { index, size, path } of reference.inclusion) {
    const siblings = path.map((sibling) => unhex(sibling));
    assert.ok(
      verifyInclusion(leaves[index] as Uint8Array, index, size, siblings, root(size)),
      `${index} in ${size}`,
    );
  }
  for (const { old, new: grown, path } of reference.consistency) {
    const siblings = path.map((sibling) => unhex(sibling));
    assert.ok(verifyConsistency(old, grown, root(old), root(grown), siblings), `${old} in ${grown}`);
  }
});
