/** The log's checkpoints: C2SP signed notes under the log key, named `postern/<realm>`. */

import { base64, concat, equal, hash, hex, positive, unbase64, unhex, utf8 } from "./bytes.ts";
import { type SigningKey, VerifyingKey } from "./key.ts";
import { ensure } from "./refusal.ts";

export interface Checkpoint {
  readonly size: number;
  /** Root of the tree of that size, as hex. */
  readonly root: string;
}

/** In UTF-16 units, which a note of ASCII and one dash per signature hardly differs from in bytes. */
const LONGEST = 4096;

export const originOf = (realm: string): string => `postern/${realm}`;

/** Signed-note key id: the first four bytes of SHA-256(name ⏎ 01 ‖ key). */
function keyId(origin: string, logKey: string): Uint8Array {
  return unhex(hash(concat(utf8(`${origin}\n`), Uint8Array.of(1), unhex(logKey, 32)))).subarray(0, 4);
}

/** Writes and signs a checkpoint. Only the worker holds the key; here for vectors and tests. */
export function signCheckpoint(origin: string, { size, root }: Checkpoint, key: SigningKey): string {
  const body = `${origin}\n${size}\n${base64(unhex(root, 32))}\n`;
  const signature = concat(keyId(origin, key.public), key.sign(utf8(body)));
  return `${body}\n\u2014 ${origin} ${base64(signature)}\n`;
}

/**
 * Reads a checkpoint that must be this log's. Lines signed by others are passed over; `malformed`
 * for what is no such note, `bad-signature` if the log has not signed it.
 */
export function readCheckpoint(note: string, origin: string, logKey: string): Checkpoint {
  const end = note.indexOf("\n\n");
  ensure(note.length <= LONGEST && end >= 0 && note.endsWith("\n"), "malformed");
  const body = note.slice(0, end + 1);
  const checkpoint = readBody(body, origin);
  const wanted = keyId(origin, logKey);
  const key = VerifyingKey.fromHex(logKey);
  let signed = false;
  for (const line of note.slice(end + 2, -1).split("\n")) {
    const [, by, encoded = ""] = /^\u2014 ([^\s+]+) (\S+)$/.exec(line) ?? [];
    ensure(by !== undefined, "malformed");
    const signature = unbase64(encoded, "malformed");
    if (by !== origin || !equal(signature.subarray(0, 4), wanted)) continue;
    ensure(signature.length === 68, "malformed");
    ensure(key.verifies(utf8(body), signature.subarray(4)), "bad-signature");
    signed = true;
  }
  ensure(signed, "bad-signature");
  return checkpoint;
}

/** Exactly three lines: the origin, the size in decimal without leading zeros, the root. */
function readBody(body: string, origin: string): Checkpoint {
  const [name, size = "", root = "", ...rest] = body.slice(0, -1).split("\n");
  ensure(name === origin && rest.length === 0, "malformed");
  const rootBytes = unbase64(root, "malformed");
  ensure(rootBytes.length === 32, "malformed");
  return { size: size === "0" ? 0 : positive(size, "malformed"), root: hex(rootBytes) };
}
