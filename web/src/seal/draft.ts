/**
 * Drafts under a key derived from K. Not age: age authenticates no sender, so a server could
 * plant a draft.
 */

import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, utf8 } from "./bytes.ts";
import { openBox, sealBox } from "./secretbox.ts";

function draftKey(key: Uint8Array, letter: string): Bytes {
  return hkdf(sha256, key, undefined, utf8(`postern-draft/1 ${letter}`), 32);
}

const none = new Uint8Array();

export function sealDraft(key: Uint8Array, letter: string, plaintext: Uint8Array): Promise<Bytes> {
  return sealBox(draftKey(key, letter), plaintext, none);
}

export function openDraft(key: Uint8Array, letter: string, sealed: Uint8Array): Promise<Bytes> {
  return openBox(draftKey(key, letter), sealed, none);
}
