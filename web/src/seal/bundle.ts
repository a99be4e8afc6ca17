/** Key bundles: everything an account can sign and open with, under its 32-byte key K. */

import { type Bytes, text, utf8 } from "./bytes.ts";
import { openBox, sealBox } from "./secretbox.ts";

/** Bound to the account and the version, so the server can swap in neither another's nor an older one. */
function boundTo(account: string, version: number): Bytes {
  return utf8(`postern-bundle/1\n${account}\n${version}`);
}

/** Seals the bundle's JSON for the compare-and-set on `version`. */
export function sealBundle(key: Uint8Array, account: string, version: number, json: string): Promise<Bytes> {
  return sealBox(key, utf8(json), boundTo(account, version));
}

/** Opens the bundle's JSON. The caller also refuses a version below the highest it has seen. */
export async function openBundle(key: Uint8Array, account: string, version: number, sealed: Uint8Array): Promise<string> {
  return text(await openBox(key, sealed, boundTo(account, version)));
}
