/** The log's checkpoints: C2SP signed notes under the log key, named `postern/<realm>`. */

import { base64, concat, equal, hash, hex, positive, unbase64, unhex, utf8 } from "./bytes.ts";
import { type SigningKey, VerifyingKey } from "./key.ts";
import { require } from "./refusal.ts";

export interface Checkpoint {
  readonly size: number;
  /** Root of the tree of that size, as hex. */
  readonly root: string;
}

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

/** Reads a checkpoint that must be this log's; lines signed by others are passed over. */
export function readCheckpoint(note: string, origin: string, logKey: string): Checkpoint {
  const end = note.indexOf("\n\n");
  require(end >= 0 && note.endsWith("\n"), "bad-checkpoint");
  const body = note.slice(0, end + 1);
  const [name, size = "", root = "", ...rest] = body.slice(0, -1).split("\n");
  require(name === origin && rest.length === 0, "bad-checkpoint");
  const wanted = keyId(origin, logKey);
  const key = VerifyingKey.fromHex(logKey);
  const signed = note
    .slice(end + 2, -1)
    .split("\n")
    .some((line) => {
      const [, by, encoded = ""] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
      require(by !== undefined, "bad-checkpoint");
      const signature = unbase64(encoded);
      return by === origin && equal(signature.subarray(0, 4), wanted) && key.verifies(utf8(body), signature.subarray(4));
    });
  require(signed, "bad-signature");
  const rootBytes = unbase64(root);
  require(rootBytes.length === 32, "bad-checkpoint");
  return { size: size === "0" ? 0 : positive(size), root: hex(rootBytes) };
}
