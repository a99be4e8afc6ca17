/**
 * Still images that carry pixels and nothing else: no metadata, colour profile, second image or
 * trailing bytes. Photos are re-encoded on the writer's device; this is the check afterwards, in
 * the writer's, the checker's and the reader's browser alike.
 */

import { equal, text, utf8 } from "./bytes.ts";
import { ensure } from "./refusal.ts";

export function requireImage(type: "image/jpeg" | "image/png", bytes: Uint8Array): void {
  const fine = type === "image/jpeg" ? isPlainJpeg(bytes) : isPlainPng(bytes);
  ensure(fine, "bad-image");
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/** ITU-T T.81 Annex B, and of application data only the 16-byte JFIF header without thumbnail. */
function isPlainJpeg(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 2;
  let frames = 0;
  let scans = 0;
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return false;
  while (at + 2 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] as number;
    if (marker === EOI) return at + 2 === bytes.length && frames === 1 && scans > 0;
    if (at + 4 > bytes.length) return false;
    const length = view.getUint16(at + 2);
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || segment.length !== length - 2) return false;
    if (marker === 0xe0) {
      if (at !== 2 || !isJfif(segment)) return false;
    } else if (marker === 0xc0 || marker === 0xc2) {
      frames += 1; // baseline or progressive
    } else if (marker === SOS) {
      if (frames !== 1) return false;
      scans += 1;
    } else if (marker !== 0xdb && marker !== 0xc4 && marker !== 0xdd) {
      return false; // not a quantisation table, Huffman table or restart interval
    }
    at += 2 + length;
    if (marker === SOS) at = endOfScan(bytes, at);
  }
  return false;
}

function isJfif(segment: Uint8Array): boolean {
  return (
    segment.length === 14 &&
    equal(segment.subarray(0, 5), utf8("JFIF\0")) &&
    segment[12] === 0 &&
    segment[13] === 0
  );
}

/** Skips entropy-coded data: stuffed zeros and restart markers belong to it. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1] as number;
    if (bytes[at] === 0xff && next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** IHDR, PLTE, tRNS, IDAT and IEND, in that order, with their checksums; no animation, no text. */
function isPlainPng(bytes: Uint8Array): boolean {
  if (!equal(bytes.subarray(0, 8), PNG)) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const order: string[] = [];
  let at = 8;
  while (at + 12 <= bytes.length && order.at(-1) !== "IEND") {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length || crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4))
      return false;
    const name = bytes.subarray(at + 4, at + 8);
    if (!/^(IHDR|PLTE|tRNS|IDAT|IEND)$/.test(asciiOf(name))) return false;
    if (asciiOf(name) === "IHDR" && length !== 13) return false;
    if (asciiOf(name) === "IEND" && length !== 0) return false;
    order.push(asciiOf(name));
    at = end;
  }
  return at === bytes.length && /^IHDR (PLTE )?(tRNS )?(IDAT )+IEND$/.test(order.join(" "));
}

function asciiOf(name: Uint8Array): string {
  return name.every((byte) => byte < 0x80) ? text(name) : "";
}

/** CRC-32 of PNG (ISO 3309). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let crc = n;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});
