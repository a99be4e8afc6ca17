/** What is typed and pasted becomes text that a letter may hold, whatever it was. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { plainText, requirePlainText } from "../src/seal/letter.ts";

test("what was typed is kept letter by letter", () => {
  for (const kept of ["Dear Kerry,\n\nŵ ŷ â é – “hello” 👩‍👧 🐌", "عزيزي كيري", "<b>&amp;</b> javascript:alert(1)"]) {
    assert.equal(plainText(kept), kept);
  }
});

test("line endings and tabs become plain, and what cannot be seen goes", () => {
  assert.equal(plainText("a\r\nb\rc\td"), "a\nb\nc d");
  assert.equal(plainText("a\u200bb\u202ec\u0007d\ufeff"), "abcd");
  assert.equal(plainText("e\u0301"), "é");
});

test("whatever is written can be sent afterwards, and a second time changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom("\u202e", "e", "\u0301", "\ud83d", "\r", "\t", "\u0000") }), (a, b) => {
      const plain = plainText(a + b);
      requirePlainText(plain);
      assert.equal(plainText(plain), plain);
    }),
  );
});
