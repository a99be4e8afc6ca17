/** The proof key: shows the server that the account's keys were opened in this session. */

import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, utf8 } from "./bytes.ts";
import { SigningKey } from "./key.ts";
import { ensure } from "./refusal.ts";

/** Derived from K, so it needs no place in the bundle. Its public half is registered once. */
export function proofKey(key: Uint8Array, account: string): SigningKey {
  return new SigningKey(hkdf(sha256, key, undefined, utf8(`postern-proof/1 ${account}`), 32));
}

/** The bytes signed in answer to a challenge (32 bytes, as hex). */
export function challengeBytes(account: string, challenge: string): Bytes {
  ensure(/^[0-9a-f]{64}$/.test(challenge), "bad-hex");
  return utf8(`postern-challenge/1\n${account}\n${challenge}\n`);
}
