/** The agency's offline root: its realm, and the printed file that two custodians open together. */

import { type Bytes, hash, unhex } from "./bytes.ts";
import { openWords, sealWords } from "./file.ts";
import { SigningKey } from "./key.ts";
import { ensure } from "./refusal.ts";
import { normaliseWords } from "./wrap.ts";

/** The agency's name in every statement: SHA-256 of the raw root key. */
export function realmOf(rootKey: string): string {
  return hash(unhex(rootKey, 32));
}

/** Seals the root's seed under both custodians' words, first then second. */
export function sealRoot(root: SigningKey, first: string, second: string): Promise<Bytes> {
  return sealWords(root.seed, bothWords(first, second));
}

export async function openRoot(sealed: Uint8Array, first: string, second: string): Promise<SigningKey> {
  const seed = await openWords(sealed, bothWords(first, second));
  ensure(seed.length === 32, "bad-key");
  return new SigningKey(seed);
}

function bothWords(first: string, second: string): string {
  const words = [first, second].map(normaliseWords);
  ensure(
    words.every((half) => half !== ""),
    "bad-words",
  );
  return words.join("");
}
