import assert from "node:assert/strict";
import { test } from "node:test";
import { ed25519, ED25519_TORSION_SUBGROUP } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { concat, hex, unhex, utf8 } from "../src/seal/bytes.ts";
import { SigningKey, VerifyingKey } from "../src/seal/key.ts";
import { refusal } from "./fixtures.ts";

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;
const bytesOf = (n: bigint) => unhex(n.toString(16).padStart(64, "0"), 32).reverse();
const scalarOf = (bytes: Uint8Array) => BigInt(`0x${hex(bytes.slice().reverse())}`) % ORDER;
const message = utf8("dear all");

test("every small-order key, in any encoding, is refused", () => {
  const nonCanonical = [
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", // y = −1 with a sign bit
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // y = p + 1
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // y = p
    "0100000000000000000000000000000000000000000000000000000000000080", // y = 1 with a sign bit
  ];
  for (const key of [...ED25519_TORSION_SUBGROUP, ...nonCanonical]) {
    assert.throws(() => VerifyingKey.fromHex(key), refusal("bad-key"), key);
  }
});

test("a key with a torsion component is refused", () => {
  const honest = Point.fromHex(SigningKey.generate().public);
  for (const torsion of ED25519_TORSION_SUBGROUP.slice(1)) {
    const mixed = honest.add(Point.fromHex(torsion));
    assert.throws(() => VerifyingKey.fromHex(mixed.toHex()), refusal("bad-key"));
  }
});

test("a mixed-order R that the cofactored equation accepts is refused", () => {
  const { head, prefix, scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(new Uint8Array(32).fill(7));
  assert.equal(head.length, 32);
  const r = scalarOf(sha512(concat(prefix, message)));
  for (const torsion of ED25519_TORSION_SUBGROUP.slice(1)) {
    const R = Point.BASE.multiply(r).add(Point.fromHex(torsion)).toBytes();
    const k = scalarOf(sha512(concat(R, pointBytes, message)));
    const signature = concat(R, bytesOf((r + k * scalar) % ORDER));
    assert.ok(
      ed25519.verify(signature, message, pointBytes, { zip215: false }),
      "noble's own verdict differs",
    );
    assert.equal(VerifyingKey.fromHex(hex(pointBytes)).verifies(message, signature), false);
  }
});

test("a small-order R is refused even where the equation holds", () => {
  const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(new Uint8Array(32).fill(7));
  for (const R of ED25519_TORSION_SUBGROUP.map((torsion) => unhex(torsion))) {
    const k = scalarOf(sha512(concat(R, pointBytes, message)));
    const signature = concat(R, bytesOf((k * scalar) % ORDER));
    assert.equal(VerifyingKey.fromHex(hex(pointBytes)).verifies(message, signature), false);
  }
});

test("S at or above the order is refused", () => {
  const key = SigningKey.generate();
  const signature = key.sign(message);
  const s = scalarOf(signature.subarray(32));
  const verifier = VerifyingKey.fromHex(key.public);
  assert.ok(verifier.verifies(message, signature));
  assert.equal(verifier.verifies(message, concat(signature.subarray(0, 32), bytesOf(s + ORDER))), false);
  assert.equal(verifier.verifies(message, signature.subarray(0, 63)), false);
});

test("no bit of a signature, message or key can change", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.uint8Array({ minLength: 1 }),
      fc.nat(),
      (seed, text, n) => {
        const key = new SigningKey(seed);
        const signature = key.sign(text);
        assert.ok(VerifyingKey.fromHex(key.public).verifies(text, signature));
        const flip = (bytes: Uint8Array) => {
          const bit = n % (bytes.length * 8);
          return bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit % 8)) : byte));
        };
        assert.equal(VerifyingKey.fromHex(key.public).verifies(text, flip(signature)), false);
        assert.equal(VerifyingKey.fromHex(key.public).verifies(flip(text), signature), false);
        let other: VerifyingKey;
        try {
          other = VerifyingKey.fromHex(hex(flip(unhex(key.public))));
        } catch {
          return; // not even a key
        }
        assert.equal(other.verifies(text, signature), false);
      },
    ),
    { numRuns: 50, seed: 1 },
  );
});
