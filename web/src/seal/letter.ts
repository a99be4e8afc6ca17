/**
 * Letters: an age file with exactly one X25519 stanza to the letter key, holding one JSON line of
 * context, the parts, and zeros up to a bucket, so that a length tells nothing but the bucket.
 */

import { type Bytes, concat, hash, isZero, pad, splitLine, text, utf8 } from "./bytes.ts";
import { generate, open, recipientOf, requireStanzas, seal } from "./file.ts";
import { requireImage } from "./image.ts";
import { readJson } from "./json.ts";
import { ensure } from "./refusal.ts";
import { integer, list, matching, object, oneOf, type Of } from "./shape.ts";
import { LETTER_SIZES } from "./statement.ts";

const PART_TYPES = ["text/plain", "image/jpeg", "image/png"] as const;
/** Plaintext lengths; `LETTER_SIZES` are those of the files. */
const BUCKETS = [16, 256, 1024, 4096, 16384].map((kibibytes) => kibibytes * 1024);

const id = matching(/^[0-9a-f]{32}$/);
const digest = matching(/^[0-9a-f]{64}$/);

/** Where a letter belongs: its outer statement must say the same. */
const context = {
  realm: digest,
  letter: id,
  rev: integer(1),
  kind: oneOf("letter", "comment", "note", "team", "message"),
  arrangement: id,
  author: id,
  to: list(id),
};
const isHead = object({
  ...context,
  parts: list(object({ type: oneOf(...PART_TYPES), len: integer(0), hash: digest }), 1),
});

const isContext = object(context);
export type Context = Of<typeof isContext>;

export interface Part {
  readonly type: (typeof PART_TYPES)[number];
  readonly bytes: Bytes;
}

export interface SealedLetter {
  readonly file: Bytes;
  /** `AGE-SECRET-KEY-1…`: goes into grants only. */
  readonly identity: string;
  /** Published in the statement, never the recipient itself. */
  readonly keyHash: string;
}

/** SHA-256 of the ASCII recipient of a letter key. */
export async function keyHashOf(identity: string): Promise<string> {
  return hash(utf8(await recipientOf(identity, "x25519")));
}

/** Seals parts under a fresh letter key. */
export async function sealLetter(where: Context, parts: readonly Part[]): Promise<SealedLetter> {
  parts.forEach(requireStrictPart);
  const listed = parts.map(({ type, bytes }) => ({ type, len: bytes.length, hash: hash(bytes) }));
  const { realm, letter, rev, kind, arrangement, author, to } = where;
  const head = { realm, letter, rev, kind, arrangement, author, to, parts: listed };
  ensure(isHead(head), "bad-context");
  const plaintext = concat(utf8(`${JSON.stringify(head)}\n`), ...parts.map(({ bytes }) => bytes));
  const bucket = bucketOf(plaintext.length);
  ensure(bucket !== undefined, "too-long");
  const identity = await generate("x25519");
  const recipient = await recipientOf(identity, "x25519");
  const file = await seal(pad(plaintext, bucket), "x25519", recipient);
  return { file, identity, keyHash: hash(utf8(recipient)) };
}

/** What can be checked without the key: one X25519 stanza and one of the five lengths. */
export function requireLetterForm(file: Uint8Array): void {
  ensure((LETTER_SIZES as readonly number[]).includes(file.length), "bad-length");
  requireStanzas(file, "x25519");
}

/** Opens a whole letter and checks its context against the statement's. Parts are not judged yet. */
export async function openLetter(file: Uint8Array, identity: string, where: Context): Promise<Part[]> {
  requireLetterForm(file);
  const { context: inner, parts } = readLetter(await open(file, "x25519", identity));
  ensure(isContext(where) && JSON.stringify(inner) === JSON.stringify(orderly(where)), "other-context");
  return parts;
}

/** Reads what was sealed. The smallest bucket is part of the form: one letter has one length. */
export function readLetter(plaintext: Uint8Array): { context: Context; parts: Part[] } {
  const [line, rest] = splitLine(plaintext);
  const { parts, ...inner } = readJson(line, isHead, "bad-context");
  let at = 0;
  const opened = parts.map(({ type, len, hash: wanted }) => {
    const bytes = rest.slice(at, (at += len)) as Bytes;
    ensure(bytes.length === len && hash(bytes) === wanted, "bad-parts");
    return { type, bytes };
  });
  const filled = plaintext.length - rest.length + at;
  ensure(bucketOf(filled) === plaintext.length && isZero(rest.subarray(at)), "bad-padding");
  return { context: inner, parts: opened };
}

/** The smallest bucket that holds so many bytes. */
function bucketOf(filled: number): number | undefined {
  return BUCKETS.find((size) => filled <= size);
}

function orderly({ realm, letter, rev, kind, arrangement, author, to }: Context): Context {
  return { realm, letter, rev, kind, arrangement, author, to };
}

/** Refuses text that could hide or reorder anything, and images that carry more than pixels. */
export function requireStrictPart({ type, bytes }: Part): void {
  if (type === "text/plain") requirePlainText(text(bytes));
  else requireImage(type, bytes);
}

/**
 * Unicode 17's control (Cc) and format (Cf) characters but LF and the joiner inside emoji. Spelled
 * out, because `\p{Cf}` means what the browser's age makes of it.
 */
const HIDDEN = new RegExp(
  "[\\u{0}-\\u{9}\\u{b}-\\u{1f}\\u{7f}-\\u{9f}\\u{ad}\\u{600}-\\u{605}\\u{61c}\\u{6dd}\\u{70f}\\u{890}\\u{891}\\u{8e2}" +
    "\\u{180e}\\u{200b}\\u{200c}\\u{200e}\\u{200f}\\u{202a}-\\u{202e}\\u{2060}-\\u{2064}\\u{2066}-\\u{206f}\\u{feff}\\u{fff9}-\\u{fffb}" +
    "\\u{110bd}\\u{110cd}\\u{13430}-\\u{1343f}\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0001}\\u{e0020}-\\u{e007f}]",
  "u",
);

/** What was typed or pasted, as a letter may hold it: nothing hidden, one line ending, NFC. */
export function plainText(written: string): string {
  const lines = written.replace(/\r\n?/g, "\n").replace(/\t/g, " ");
  return lines.replace(new RegExp(HIDDEN, "gu"), "").replace(/\p{Cs}/gu, "").normalize("NFC");
}

/** NFC, and nothing hidden. */
export function requirePlainText(written: string): void {
  ensure(written.normalize("NFC") === written && !HIDDEN.test(written), "bad-text");
}
