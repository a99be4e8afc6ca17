/** Key bundles: everything an account can sign and open with, under its 32-byte key K. */

import { type Bytes, text, utf8 } from "./bytes.ts";
import { readJson } from "./json.ts";
import { isKey } from "./key.ts";
import { ensure } from "./refusal.ts";
import { openBox, sealBox } from "./secretbox.ts";
import { integer, list, matching, object, type Of, oneOf, type Shape } from "./shape.ts";

const id = matching(/^[0-9a-f]{32}$/);
const digest = matching(/^[0-9a-f]{64}$/);
const digestOrNone = matching(/^([0-9a-f]{64})?$/);
const keyOrNone: Shape<string> = (value): value is string => value === "" || isKey(value);

/** The keys of one membership or one staff post; `cert_id` is "" until the enrolment is certified. */
const keys = object({
  id,
  cert_id: digestOrNone,
  sign_seed: digest,
  seal_identity: matching(/^AGE-SECRET-KEY-PQ-1[02-9AC-HJ-NP-Z]{58}$/),
});

const isBundle = object({
  v: oneOf(1),
  account: id,
  version: integer(1),
  /** The agency's root key, taken from the typed code and pinned for good; "" before joining. */
  root: keyOrNone,
  memberships: list(keys),
  staff: list(keys),
  /** What was seen before, so that a server cannot take it back. Moves forward at every visit. */
  pins: object({
    agency: digestOrNone,
    arrangements: list(object({ arrangement: id, n: integer(1), statement: digest })),
    /** The newest checkpoint; its root is "" while the size is 0. */
    log: object({ size: integer(0), root: digestOrNone }),
  }),
});
export type Bundle = Of<typeof isBundle>;

/** An empty bundle, version 1. */
export function newBundle(account: string): Bundle {
  const pins = { agency: "", arrangements: [], log: { size: 0, root: "" } };
  return { v: 1, account, version: 1, root: "", memberships: [], staff: [], pins };
}

/** Bound to the account and the version, so the server can swap in neither another's nor an older one. */
function boundTo(account: string, version: number): Bytes {
  return utf8(`postern-bundle/1\n${account}\n${version}`);
}

/** Seals a bundle for the compare-and-set on its version; keys in the order of `newBundle`. */
export async function sealBundle(key: Uint8Array, bundle: Bundle): Promise<Bytes> {
  ensure(isBundle(bundle), "bad-bundle");
  return sealBox(key, utf8(JSON.stringify(bundle)), boundTo(bundle.account, bundle.version));
}

/** Opens a bundle. The caller also refuses a version below the highest it has seen. */
export async function openBundle(
  key: Uint8Array,
  account: string,
  version: number,
  sealed: Uint8Array,
): Promise<Bundle> {
  const bundle = readJson(
    text(await openBox(key, sealed, boundTo(account, version))),
    isBundle,
    "bad-bundle",
  );
  ensure(bundle.account === account && bundle.version === version, "bad-bundle");
  return bundle;
}
