/**
 * Words wraps: an account's key K under words and the gate's output. Slow by design (scrypt at
 * 2^15): call from a Web Worker.
 */

import { type Bytes, hex } from "./bytes.ts";
import { openWords, sealWords } from "./file.ts";
import { ensure } from "./refusal.ts";

/** Words as they are hashed: lowercase, only a to z, nothing between them. */
export function normaliseWords(typed: string): string {
  // ASCII only: toLowerCase() would make a k of the Kelvin sign.
  return typed.replace(/[^A-Za-z]/g, "").toLowerCase();
}

function passphrase(words: string, gateOutput: Uint8Array): string {
  ensure(words !== "" && words === normaliseWords(words) && gateOutput.length === 64, "bad-words");
  return `${words}.${hex(gateOutput)}`;
}

/** Wraps the 32 bytes of K. `words` are normalised; `gateOutput` is the gate's 64 bytes for them. */
export function sealWrap(key: Uint8Array, words: string, gateOutput: Uint8Array): Promise<Bytes> {
  ensure(key.length === 32, "bad-key");
  return sealWords(key, passphrase(words, gateOutput));
}

/** Opens a wrap; `cannot-open` means other words, or another gate key. */
export async function openWrap(sealed: Uint8Array, words: string, gateOutput: Uint8Array): Promise<Bytes> {
  const key = await openWords(sealed, passphrase(words, gateOutput));
  ensure(key.length === 32, "bad-key");
  return key;
}
