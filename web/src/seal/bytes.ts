/** Bytes and their spellings: lowercase hex in statements, padded base64 in the JSON API. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { Refusal } from "./refusal.ts";

/** Bytes over a plain buffer, as WebCrypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>;

export const concat: (...parts: Uint8Array[]) => Bytes = concatBytes;
export const hex: (bytes: Uint8Array) => string = bytesToHex;

/** Reads lowercase hex of exactly `length` bytes, so that one value has one spelling. */
export function unhex(text: string, length = text.length / 2): Bytes {
  if (text.length !== length * 2 || !/^[0-9a-f]*$/.test(text)) throw new Refusal("bad-hex");
  return hexToBytes(text);
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text) as Bytes;
}

/** Reads UTF-8, refusing malformed sequences; a byte-order mark stays a character. */
export function text(bytes: Uint8Array, code = "bad-utf8"): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal(code);
  }
}

export function base64(bytes: Uint8Array): string {
  let binary = "";
  // Chunks, because an argument list as long as a photo overflows the stack.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary);
}

/** Reads padded standard base64 in its one canonical spelling. */
export function unbase64(encoded: string, code = "bad-base64"): Bytes {
  const tail = encoded.slice(-4);
  let binary: string;
  try {
    if (encoded.length % 4 !== 0 || /[^A-Za-z0-9+/=]/.test(encoded)) throw new Error();
    binary = atob(encoded);
    // Unused bits of the last group must be zero: re-encoding it shows them.
    if (btoa(atob(tail)) !== tail) throw new Error();
  } catch {
    throw new Refusal(code);
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Compares public values; not constant-time. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** SHA-256 as lowercase hex: every `*_hash` field. */
export function hash(bytes: Uint8Array): string {
  return hex(sha256(bytes));
}

/** `length` bytes from the system's generator. */
export function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A fresh 16-byte id, as hex. Random, because a counterpart may see it. */
export function newId(): string {
  return hex(random(16));
}

/** Zero-pads to `length` bytes. */
export function pad(bytes: Uint8Array, length: number): Bytes {
  const padded = new Uint8Array(length);
  padded.set(bytes);
  return padded;
}

/** Whether every byte is zero, as padding must be. */
export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** Splits at the first LF: the line without it, and the rest. */
export function splitLine(bytes: Uint8Array): [string, Uint8Array] {
  const end = bytes.indexOf(0x0a);
  if (end < 0) throw new Refusal("bad-lines");
  return [text(bytes.subarray(0, end)), bytes.subarray(end + 1)];
}

/** Exactly `count` LF-terminated lines and nothing after the last LF. */
export function lines(bytes: Uint8Array, count: number): string[] {
  const split = text(bytes).split("\n");
  if (split.pop() !== "" || split.length !== count) throw new Refusal("bad-lines");
  return split;
}

/** A decimal without sign, leading zero or loss: 1, 2, … below 2^53. */
export function positive(decimal: string, code = "bad-number"): number {
  const value = Number(decimal);
  if (!/^[1-9][0-9]{0,15}$/.test(decimal) || !Number.isSafeInteger(value)) throw new Refusal(code);
  return value;
}
