import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hex, random, utf8 } from "../src/seal/bytes.ts";
import { originOf, readCheckpoint, signCheckpoint } from "../src/seal/checkpoint.ts";
import { SigningKey } from "../src/seal/key.ts";
import { leafHash, statementLeaf, treeRoot, verifyConsistency, verifyInclusion } from "../src/seal/tree.ts";
import { refusal } from "./fixtures.ts";
import { consistencyPath, inclusionPath } from "./paths.ts";

const leavesOf = (n: number) => Array.from({ length: n }, (_, i) => leafHash(utf8(String(i))));

test("every leaf of every tree up to 40 proves its place, and no other", () => {
  for (let size = 1; size <= 40; size++) {
    const leaves = leavesOf(size);
    const root = treeRoot(leaves);
    for (const [index, leaf] of leaves.entries()) {
      const path = inclusionPath(index, leaves);
      assert.ok(verifyInclusion(leaf, index, size, path, root));
      assert.ok(!verifyInclusion(leaf, index + 1, size, path, root));
      assert.ok(!verifyInclusion(leafHash(utf8("x")), index, size, path, root));
      assert.ok(!verifyInclusion(leaf, index, size, [...path, leaf], root));
      if (path.length > 0) assert.ok(!verifyInclusion(leaf, index, size, path.slice(1), root));
    }
  }
});

test("every tree up to 24 proves that it extends every smaller one", () => {
  const leaves = leavesOf(24);
  for (let size = 1; size <= 24; size++) {
    const root = treeRoot(leaves.slice(0, size));
    assert.ok(verifyConsistency(0, size, treeRoot([]), root, []));
    for (let old = 1; old <= size; old++) {
      const oldRoot = treeRoot(leaves.slice(0, old));
      const path = consistencyPath(old, leaves.slice(0, size));
      assert.ok(verifyConsistency(old, size, oldRoot, root, path), `${old} in ${size}`);
      assert.ok(!verifyConsistency(old, size, leafHash(utf8("x")), root, path));
      assert.ok(!verifyConsistency(old, size, oldRoot, leafHash(utf8("x")), path));
      assert.ok(!verifyConsistency(old, size, oldRoot, root, [...path, oldRoot]));
    }
  }
  assert.ok(!verifyConsistency(2, 1, treeRoot(leaves.slice(0, 2)), treeRoot(leaves.slice(0, 1)), []));
});

test("sizes past 2^31 do not overflow", () => {
  const leaf = leafHash(utf8("x"));
  assert.ok(!verifyInclusion(leaf, 2 ** 40, 2 ** 41, [leaf], leaf));
  assert.ok(!verifyInclusion(leaf, 0.5, 2, [leaf], leaf));
});

test("a leaf without its salt says nothing of the statement", () => {
  const id = random(32);
  assert.notDeepEqual(statementLeaf(random(16), id), statementLeaf(random(16), id));
});

test("a checkpoint is read as signed, and no byte of it can change", () => {
  const key = new SigningKey(new Uint8Array(32).fill(3));
  const origin = originOf("a".repeat(64));
  const checkpoint = { size: 42, root: hex(leafHash(utf8("x"))) };
  const note = signCheckpoint(origin, checkpoint, key);
  assert.deepEqual(readCheckpoint(note, origin, key.public), checkpoint);
  const other = SigningKey.generate();
  const cosigned = note + signCheckpoint("witness.example/w", checkpoint, other).split("\n\n")[1];
  assert.deepEqual(readCheckpoint(cosigned, origin, key.public), checkpoint);
  assert.throws(() => readCheckpoint(note, origin, other.public), refusal("bad-signature"));
  assert.throws(() => readCheckpoint(note, originOf("b".repeat(64)), key.public), refusal("malformed"));
  fc.assert(
    fc.property(fc.nat(note.length - 1), fc.integer({ min: 1, max: 127 }), (at, change) => {
      const altered =
        note.slice(0, at) + String.fromCharCode(note.charCodeAt(at) ^ change) + note.slice(at + 1);
      assert.throws(() => readCheckpoint(altered, origin, key.public), { name: "Refusal" });
    }),
    { numRuns: 300, seed: 1 },
  );
});
