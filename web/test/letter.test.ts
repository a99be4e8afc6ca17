import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Bytes, concat, hash, pad, text, utf8 } from "../src/seal/bytes.ts";
import { seal } from "../src/seal/file.ts";
import { epochGrantee, openGrant, sealGrant } from "../src/seal/grant.ts";
import {
  type Context,
  keyHashOf,
  openLetter,
  type Part,
  requirePlainText,
  requireStrictPart,
  sealLetter,
} from "../src/seal/letter.ts";
import { LETTER_SIZES } from "../src/seal/statement.ts";
import { pair, refusal } from "./fixtures.ts";
import { PNG } from "./images.ts";

const where: Context = {
  realm: "a".repeat(64),
  letter: "b".repeat(32),
  rev: 1,
  kind: "letter",
  arrangement: "c".repeat(32),
  author: "d".repeat(32),
  to: ["e".repeat(32), "f".repeat(32)],
};
const words = (written: string): Part => ({ type: "text/plain", bytes: utf8(written) });

test("a letter opens to the very parts that were sealed, in each of the five sizes", async () => {
  for (const [i, size] of LETTER_SIZES.entries()) {
    const filler = i === 0 ? 0 : Math.floor((LETTER_SIZES[i - 1] as number) * 1.5);
    const parts = [words("Dear Sam,\nhow are you? 👨‍👩‍👧"), words("x".repeat(filler))];
    const { file, identity, keyHash } = await sealLetter(where, parts);
    assert.equal(file.length, size);
    assert.equal(keyHash, await keyHashOf(identity));
    assert.deepEqual(await openLetter(file, identity, where), parts);
  }
  await assert.rejects(sealLetter(where, [words("x".repeat(16 * 1024 * 1024))]), refusal("too-long"));
});

test("a letter is refused where any field of its context is another's", async () => {
  const { file, identity } = await sealLetter(where, [words("hello")]);
  const others: Partial<Context>[] = [
    { realm: "0".repeat(64) },
    { letter: "0".repeat(32) },
    { rev: 2 },
    { kind: "note" },
    { arrangement: "0".repeat(32) },
    { author: "0".repeat(32) },
    { to: [] },
    { to: [...where.to].reverse() },
  ];
  for (const other of others) {
    await assert.rejects(
      openLetter(file, identity, { ...where, ...other }),
      refusal("other-context"),
      JSON.stringify(other),
    );
  }
});

test("an inside that no writer of this protocol made is refused", async () => {
  const { identity, recipient } = await pair("x25519");
  const body = utf8("hello");
  const head = (parts: unknown, rest = ""): string =>
    `${JSON.stringify({ ...where, parts }).replace("}]}", `}]${rest}}`)}\n`;
  const part = { type: "text/plain", len: 5, hash: hash(body) };
  const sealed = async (...bytes: Uint8Array[]): Promise<Bytes> =>
    seal(pad(concat(...bytes), 16384), "x25519", recipient);

  assert.deepEqual(await openLetter(await sealed(utf8(head([part])), body), identity, where), [
    words("hello"),
  ]);
  const wrong: [string, Bytes, string][] = [
    ["another hash", await sealed(utf8(head([{ ...part, hash: hash(utf8("other")) }])), body), "bad-parts"],
    ["a part past the end", await sealed(utf8(head([{ ...part, len: 16384 }])), body), "bad-parts"],
    ["bytes in the padding", await sealed(utf8(head([part])), body, utf8("!")), "bad-padding"],
    ["no parts", await sealed(utf8(head([]))), "bad-context"],
    ["an unknown key", await sealed(utf8(head([part], ',"x":1')), body), "bad-context"],
    ["an unknown type", await sealed(utf8(head([{ ...part, type: "text/html" }])), body), "bad-context"],
    ["a negative length", await sealed(utf8(head([{ ...part, len: -1 }])), body), "bad-context"],
    ["no line", await sealed(new Uint8Array()), "bad-lines"],
    [
      "another bucket",
      await seal(pad(concat(utf8(head([part])), body), 16385), "x25519", recipient),
      "bad-length",
    ],
  ];
  for (const [what, file, code] of wrong)
    await assert.rejects(openLetter(file, identity, where), refusal(code), what);
});

/** What a browser would draw, run or follow, were it shown as what it is. */
const MARKUP: readonly [type: string, written: string][] = [
  ["image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><circle r="9"/></svg>'],
  ["text/html", '<!doctype html><a href="https://evil.example">here</a><script>alert(1)</script>'],
  ["application/pdf", "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n"],
  ["image/gif", "GIF89a"],
  ["text/plain; charset=utf-8", "hello"],
  ["TEXT/PLAIN", "hello"],
  ["", "hello"],
];

test("a part that is SVG, or anything but plain text, JPEG and PNG, is neither sealed nor opened", async () => {
  const { identity, recipient } = await pair("x25519");
  for (const [type, written] of MARKUP) {
    // Markup, and what would pass under a type that is allowed.
    for (const bytes of [utf8(written), utf8("hello"), PNG]) {
      const part = { type, bytes } as unknown as Part;
      await assert.rejects(sealLetter(where, [part]), { name: "Refusal" }, type);
      const head = { ...where, parts: [{ type, len: bytes.length, hash: hash(bytes) }] };
      const plaintext = pad(concat(utf8(`${JSON.stringify(head)}\n`), bytes), 16384);
      const file = await seal(plaintext, "x25519", recipient);
      await assert.rejects(openLetter(file, identity, where), refusal("bad-context"), type);
    }
  }
});

test("SVG that calls itself a JPEG or a PNG is refused", async () => {
  for (const type of ["image/jpeg", "image/png"] as const) {
    for (const [, written] of MARKUP) {
      const part: Part = { type, bytes: utf8(written) };
      assert.throws(() => requireStrictPart(part), refusal("bad-image"), written);
      await assert.rejects(sealLetter(where, [part]), refusal("bad-image"), written);
    }
  }
});

test("text that could hide or reorder anything is refused", () => {
  for (const fine of ["Annwyl Siân,\n\nsut wyt ti?", "👩🏽‍🚒 ❤️", "£5 – “quoted”", "日本語", ""])
    requirePlainText(fine);
  const wrong = [
    "a\u202eb",
    "a\u200bb",
    "a\u00adb",
    "a\tb",
    "a\r\nb",
    "a\u0000b",
    "a\u2066b",
    "\ufeffa",
    "e\u0301",
    "\u{e0041}",
    "a\u0085",
  ];
  for (const bad of wrong)
    assert.throws(() => requirePlainText(bad), refusal("bad-text"), JSON.stringify(bad));
  for (let code = 0; code < 0x20000; code++) {
    const hidden = /(?![\n\u200d])[\p{Cc}\p{Cf}]/u.test(String.fromCodePoint(code));
    const check = () => requirePlainText(`a${String.fromCodePoint(code)}`.normalize("NFC"));
    if (hidden) assert.throws(check, refusal("bad-text"), code.toString(16));
  }
  assert.throws(
    () => requireStrictPart({ type: "text/plain", bytes: Uint8Array.of(0xff) }),
    refusal("bad-utf8"),
  );
});

test("what no letter may hold is the same in both implementations, of all characters there are", () => {
  let refused = "";
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    // Half a pair is no character, and what is not NFC is refused for that.
    if (/\p{Cs}/u.test(character) || character.normalize("NFC") !== character) continue;
    if (!isPlain(character)) refused += `${code.toString(16)}\n`;
  }
  // `hidden_and_reordering_characters_are_refused` in crates/seal/src/letter/text.rs has the same.
  assert.equal(hash(utf8(refused)), "0d5a4860100376001baa7e854947e84e01fe128f57f6707e4ae3bdd4ca044f25");
});

function isPlain(character: string): boolean {
  try {
    requirePlainText(character);
    return true;
  } catch {
    return false;
  }
}

test("any text that passes survives sealing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), async (written) => {
      const nfc = written.normalize("NFC");
      try {
        requirePlainText(nfc);
      } catch {
        return;
      }
      const { file, identity } = await sealLetter(where, [words(nfc)]);
      const [part] = await openLetter(file, identity, where);
      assert.equal(text((part as Part).bytes), nfc);
    }),
    { numRuns: 25, seed: 1 },
  );
});

test("a grant opens its own letter for its own grantee and nothing else", async () => {
  const { identity, recipient } = await pair("hybrid");
  const letter = await sealLetter(where, [words("hello")]);
  const grantee = epochGrantee("9".repeat(64));
  const context = { realm: where.realm, letter: where.letter, rev: 1, grantee };
  const grant = await sealGrant(context, letter.identity, recipient);
  assert.equal(await openGrant(grant, identity, context), letter.identity);
  for (const other of [
    { realm: "0".repeat(64) },
    { letter: "0".repeat(32) },
    { rev: 2 },
    { grantee: "archive" },
  ]) {
    await assert.rejects(openGrant(grant, identity, { ...context, ...other }), refusal("other-grant"));
  }
  const stranger = await pair("hybrid");
  await assert.rejects(openGrant(grant, stranger.identity, context), refusal("cannot-open"));
  const toMember = await sealGrant({ ...context, grantee: "d".repeat(32) }, letter.identity, recipient);
  assert.equal(toMember.length, 1883);
});

test("a grant holds a letter key or it is not made", async () => {
  const { identity, recipient } = await pair("hybrid");
  const context = { realm: where.realm, letter: where.letter, rev: 1, grantee: "archive" };
  await assert.rejects(sealGrant(context, identity, recipient), refusal("bad-identity"));
  await assert.rejects(sealGrant(context, "AGE-SECRET-KEY-1\nX", recipient), refusal("bad-identity"));
  const planted = await seal(
    utf8(`postern-grant/1\n${where.realm}\n${where.letter}/1\narchive\nnot a key\n`),
    "hybrid",
    recipient,
  );
  await assert.rejects(openGrant(planted, identity, context), refusal("bad-identity"));
});
