import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { test } from "node:test";
import fc from "fast-check";
import { concat, text, utf8 } from "../src/seal/bytes.ts";
import { requireImage } from "../src/seal/image.ts";
import { refusal } from "./fixtures.ts";
import { JPEG, PNG } from "./images.ts";

const bytes = (...values: number[]) => Uint8Array.of(...values);
const refused = (type: "image/jpeg" | "image/png", image: Uint8Array, what?: string) =>
  assert.throws(() => requireImage(type, image), refusal("bad-image"), what);

test("a picture that is only pixels passes", () => {
  requireImage("image/jpeg", JPEG);
  requireImage("image/png", PNG);
  refused("image/png", JPEG);
  refused("image/jpeg", PNG);
});

/** A JPEG segment; `at` 2 is right after the start of the image. */
const withSegment = (marker: number, body: Uint8Array, at = 2) => {
  const length = body.length + 2;
  return concat(
    JPEG.subarray(0, at),
    bytes(0xff, marker, length >> 8, length & 0xff),
    body,
    JPEG.subarray(at),
  );
};
const afterJfif = 20;

test("a JPEG with anything beside its pixels is refused", () => {
  const wrong: Record<string, Uint8Array> = {
    "Exif with a place": withSegment(0xe1, utf8("Exif\0\0GPS"), afterJfif),
    XMP: withSegment(0xe1, utf8("http://ns.adobe.com/xap/1.0/\0<x/>"), afterJfif),
    "a colour profile": withSegment(0xe2, utf8("ICC_PROFILE\0\x01\x01"), afterJfif),
    "Adobe's segment": withSegment(0xee, utf8("Adobe\0\0\0\0\0\0\0"), afterJfif),
    "a comment": withSegment(0xfe, utf8("hello"), afterJfif),
    "a second JFIF header": withSegment(0xe0, JPEG.subarray(6, 20), afterJfif),
    "a header with a thumbnail": JPEG.map((byte, at) => (at === 18 ? 1 : byte)),
    "a JFIF extension": withSegment(0xe0, utf8("JFXX\0\x10"), afterJfif),
    "a byte after the end": concat(JPEG, bytes(0)),
    "a second picture after the end": concat(JPEG, JPEG),
    "no end": JPEG.subarray(0, -2),
    "no beginning": JPEG.subarray(2),
    nothing: bytes(),
    "only a beginning": bytes(0xff, 0xd8, 0xff),
    "no frame": bytes(0xff, 0xd8, 0xff, 0xd9),
  };
  for (const [what, image] of Object.entries(wrong)) refused("image/jpeg", image, what);
});

function chunk(name: string, body: Uint8Array): Uint8Array {
  const head = new Uint8Array(4);
  const tail = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, body.length);
  new DataView(tail.buffer).setUint32(0, crc32(concat(utf8(name), body)));
  return concat(head, utf8(name), body, tail);
}
const insert = (at: number, ...chunks: Uint8Array[]) =>
  concat(PNG.subarray(0, at), ...chunks, PNG.subarray(at));
const afterHeader = 33;
const beforeEnd = PNG.length - 12;

test("a PNG with anything beside its pixels is refused", () => {
  assert.equal(text(PNG.subarray(beforeEnd + 4, beforeEnd + 8)), "IEND");
  requireImage("image/png", insert(afterHeader, chunk("PLTE", bytes(0, 0, 0)), chunk("tRNS", bytes(0))));
  const none = bytes();
  const wrong: Record<string, Uint8Array> = {
    text: insert(afterHeader, chunk("tEXt", utf8("Author\0Sam"))),
    Exif: insert(afterHeader, chunk("eXIf", utf8("II"))),
    "a colour profile": insert(afterHeader, chunk("iCCP", utf8("x"))),
    "an animation": insert(afterHeader, chunk("acTL", new Uint8Array(8))),
    "a time": insert(beforeEnd, chunk("tIME", new Uint8Array(7))),
    "a chunk of our own invention": insert(beforeEnd, chunk("poSt", none)),
    "a palette after the pixels": insert(beforeEnd, chunk("PLTE", bytes(0, 0, 0))),
    "a second header": insert(afterHeader, PNG.slice(8, afterHeader)),
    "a wrong checksum": PNG.map((byte, at) => (at === afterHeader - 1 ? byte ^ 1 : byte)),
    "a byte after the end": concat(PNG, bytes(0)),
    "no end": PNG.subarray(0, beforeEnd),
    "an end with a body": concat(PNG.subarray(0, beforeEnd), chunk("IEND", bytes(1))),
    "no pixels": concat(PNG.subarray(0, afterHeader), chunk("IEND", none)),
    "a length past the end": PNG.map((byte, at) => (at === 8 ? 0x7f : byte)),
    nothing: none,
  };
  for (const [what, image] of Object.entries(wrong)) refused("image/png", image, what);
});

test("no bytes at all make the checks fail otherwise than by refusing", () => {
  for (const [type, start] of [
    ["image/jpeg", bytes(0xff, 0xd8, 0xff)],
    ["image/png", PNG.subarray(0, 8)],
  ] as const) {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (rest) => refused(type, concat(start, rest))),
      { numRuns: 500, seed: 1 },
    );
  }
});
