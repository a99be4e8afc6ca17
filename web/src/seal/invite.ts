/**
 * Invitation codes: 60 bits on a printed sheet, from which both ends derive where the invitation
 * lies, the key that signs `enrol`, and the tag that authenticates the agency's root.
 */

import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, hex, random, unhex, utf8 } from "./bytes.ts";
import { SigningKey } from "./key.ts";
import { ensure } from "./refusal.ts";

const DOMAIN = "postern-invite/1";
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 12;

/** A fresh code in blocks of four. */
export function generateCode(): string {
  const characters = [...random(LENGTH)].map((byte) => ALPHABET[byte % 32]);
  return characters.join("").replace(/(.{4})(?=.)/g, "$1-");
}

/** The 12 characters of a typed code: uppercase, O as 0, I and L as 1, separators dropped. */
export function normaliseCode(typed: string): string {
  // ASCII letters only: toUpperCase() would make an I of a dotless i.
  const upper = typed.replace(/[\p{White_Space}-]/gu, "").replace(/[a-z]/g, (letter) => letter.toUpperCase());
  const code = upper.replace(/O/g, "0").replace(/[IL]/g, "1");
  ensure(/^[0-9A-HJKMNP-TV-Z]{12}$/.test(code), "bad-code");
  return code;
}

export interface InviteKeys {
  /** 16 bytes as hex: the invite id, so the server finds the invitation without seeing the code. */
  readonly locator: string;
  /** Its public half is the statement's `invite_key`. */
  readonly sign: SigningKey;
  /** HMAC over the 32 raw bytes of the root key, as hex: the statement's `root_tag`. */
  rootTag(rootKey: string): string;
}

/** Derives an invitation's keys from its code; half a second of scrypt. */
export async function inviteKeys(typed: string): Promise<InviteKeys> {
  const ikm = await scryptAsync(utf8(normaliseCode(typed)), utf8(DOMAIN), {
    N: 2 ** 15,
    r: 8,
    p: 1,
    dkLen: 32,
  });
  const derive = (name: string, length: number): Bytes =>
    hkdf(sha256, ikm, undefined, utf8(`${DOMAIN} ${name}`), length);
  const tag = derive("tag", 32);
  return {
    locator: hex(derive("locator", 16)),
    sign: new SigningKey(derive("sign", 32)),
    rootTag: (rootKey) => hex(hmac(sha256, tag, unhex(rootKey, 32))),
  };
}

/**
 * The eight digits a person reads out before they are certified: the first eight bytes of SHA-256
 * of the raw `enrol` id, big-endian, modulo 10^8.
 */
export function enrolDigits(enrolId: string): string {
  const first = new DataView(sha256(unhex(enrolId, 32)).buffer).getBigUint64(0);
  return (first % 100_000_000n).toString().padStart(8, "0");
}
