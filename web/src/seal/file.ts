/**
 * age files: what the header may hold, sealing and opening.
 *
 * The library tolerates unknown stanzas and mixes recipient kinds silently, and its streams show
 * plaintext before the end of the file is authenticated. So every header is matched here against
 * its one allowed form, and only the calls on whole buffers are used.
 */

import {
  Decrypter,
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";
import type { Bytes } from "./bytes.ts";
import { Refusal, ensure } from "./refusal.ts";

/** Kinds of stanza this protocol uses. `words` is age's scrypt at work factor 2^15. */
export type StanzaKind = "x25519" | "hybrid" | "words";

// Unpadded base64 in its one spelling: the unused bits of the last character are zero.
const KEY = "[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]"; // 32 bytes
const STANZAS: Record<StanzaKind, string> = {
  x25519: `-> X25519 ${KEY}\\n${KEY}\\n`,
  hybrid: `-> mlkem768x25519 [A-Za-z0-9+/]{1493}[AQgw]\\n${KEY}\\n`,
  words: `-> scrypt [A-Za-z0-9+/]{21}[AQgw] 15\\n${KEY}\\n`,
};

/** Longest header allowed: 64 hybrid stanzas. */
const HEADER_LIMIT = 64 * 1557 + 128;

/** Refuses a file whose header is not exactly `min` to `max` stanzas of one kind. */
export function requireStanzas(file: Uint8Array, kind: StanzaKind, min = 1, max = min): void {
  const start = new TextDecoder("latin1").decode(file.subarray(0, HEADER_LIMIT));
  const form = new RegExp(`^age-encryption\\.org/v1\\n(?:${STANZAS[kind]}){${min},${max}}--- ${KEY}\\n`);
  ensure(form.test(start), "bad-stanzas");
}

/** Which recipients a file may be sealed to: `age1…` or `age1pq1…`, never both. */
export function isRecipient(recipient: string, kind: "x25519" | "hybrid"): boolean {
  // Lowercase bech32; the lengths are those of 32 and 1,216 bytes with prefix and checksum.
  return kind === "x25519"
    ? /^age1[02-9ac-hj-np-z]{58}$/.test(recipient)
    : /^age1pq1[02-9ac-hj-np-z]{1952}$/.test(recipient);
}

/** Seals to recipients of one kind, one stanza each. */
export async function seal(
  plaintext: Uint8Array,
  kind: "x25519" | "hybrid",
  ...recipients: string[]
): Promise<Bytes> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    ensure(isRecipient(recipient, kind), "bad-recipient");
    encrypter.addRecipient(recipient);
  }
  ensure(recipients.length > 0, "bad-recipient");
  return (await encrypter.encrypt(plaintext)) as Bytes;
}

/** Opens a whole file with one identity, after its header passed `requireStanzas`. */
export async function open(
  file: Uint8Array,
  kind: "x25519" | "hybrid",
  identity: string,
  stanzas = 1,
): Promise<Bytes> {
  requireStanzas(file, kind, 1, stanzas);
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypt(decrypter, file);
}

/** Seals under a passphrase: scrypt at 2^15, about half a second. */
export async function sealWords(plaintext: Uint8Array, passphrase: string): Promise<Bytes> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(15);
  return (await encrypter.encrypt(plaintext)) as Bytes;
}

/** Opens a file sealed by `sealWords`; any other work factor is refused before work is done. */
export async function openWords(file: Uint8Array, passphrase: string): Promise<Bytes> {
  requireStanzas(file, "words");
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  return decrypt(decrypter, file);
}

async function decrypt(decrypter: Decrypter, file: Uint8Array): Promise<Bytes> {
  try {
    return (await decrypter.decrypt(file)) as Bytes;
  } catch (cause) {
    throw new Refusal("cannot-open", { cause });
  }
}

/** A fresh identity, `AGE-SECRET-KEY-1…` or `AGE-SECRET-KEY-PQ-1…`. */
export function generate(kind: "x25519" | "hybrid"): Promise<string> {
  return kind === "x25519" ? generateX25519Identity() : generateHybridIdentity();
}

/** The recipient of an identity; refuses what is not an identity of that kind. */
export async function recipientOf(identity: string, kind: "x25519" | "hybrid"): Promise<string> {
  try {
    const recipient = await identityToRecipient(identity);
    if (isRecipient(recipient, kind)) return recipient;
  } catch {
    // Falls through to the one refusal: the cause could hold key material.
  }
  throw new Refusal("bad-identity");
}
