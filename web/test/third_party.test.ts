/** Vectors that others made: Wycheproof and RFC 9497 (the age project's are in file.test.ts). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { hex, text, unhex } from "../src/seal/bytes.ts";
import { ask } from "../src/seal/gate.ts";
import { VerifyingKey } from "../src/seal/key.ts";
import { vectorFile } from "./fixtures.ts";

interface Wycheproof {
  numberOfTests: number;
  testGroups: { publicKey: { pk: string }; tests: { tcId: number; msg: string; sig: string; result: string }[] }[];
}

test("Wycheproof and we give the same verdicts on Ed25519", () => {
  const { numberOfTests, testGroups } = JSON.parse(vectorFile("wycheproof/ed25519_test.json").toString()) as Wycheproof;
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
  const { seed, key_info, key, vectors } = JSON.parse(vectorFile("rfc9497/ristretto255-sha512-oprf.json").toString()) as Rfc9497;
  assert.equal(hex(oprf.deriveKeyPair(unhex(seed), unhex(key_info)).secretKey), key);
  assert.ok(vectors.length > 0);
  for (const { input, blind, blinded, evaluated, output } of vectors) {
    assert.equal(hex(oprf.blindEvaluate(unhex(key), unhex(blinded))), evaluated);
    assert.equal(hex(oprf.finalize(unhex(input), unhex(blind), unhex(evaluated))), output);
    const request = ask(text(unhex(input)));
    assert.equal(hex(request.finish(oprf.blindEvaluate(unhex(key), request.blinded))), output);
  }
});
