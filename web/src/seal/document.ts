/** Sealed documents (card, plan, notes): one age file to 1 to 64 hybrid recipients. */

import { type Bytes, concat, isZero, pad, splitLine, text, utf8 } from "./bytes.ts";
import { open, seal } from "./file.ts";
import { readJson } from "./json.ts";
import { Refusal, ensure } from "./refusal.ts";
import { integer, matching, object, oneOf, type Of } from "./shape.ts";

const VERSION = "postern-document/1";
const BLOCK = 4096;
const MOST_RECIPIENTS = 64;

const isHead = object({
  realm: matching(/^[0-9a-f]{64}$/),
  kind: oneOf("card", "plan", "notes"),
  /** Membership of a card, arrangement of a plan or of notes. */
  subject: matching(/^[0-9a-f]{32}$/),
  n: integer(0),
});
export type DocumentHead = Of<typeof isHead>;

/** Seals a JSON body to every recipient, one stanza each. */
export async function sealDocument(
  { realm, kind, subject, n }: DocumentHead,
  body: string,
  recipients: readonly string[],
): Promise<Bytes> {
  const head = { realm, kind, subject, n };
  ensure(isHead(head), "bad-document");
  ensure(recipients.length <= MOST_RECIPIENTS, "bad-recipient");
  requireJson(body);
  const bytes = utf8(body);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  const plaintext = concat(utf8(`${VERSION}\n${JSON.stringify(head)}\n`), length, bytes);
  return seal(pad(plaintext, Math.ceil(plaintext.length / BLOCK) * BLOCK), "hybrid", ...recipients);
}

/** Opens a document that must be this one; returns the JSON body. */
export async function openDocument(file: Uint8Array, identity: string, where: DocumentHead): Promise<string> {
  const plaintext = await open(file, "hybrid", identity, MOST_RECIPIENTS);
  const [version, afterVersion] = splitLine(plaintext);
  const [line, rest] = splitLine(afterVersion);
  const head = readJson(line, isHead, "bad-document");
  ensure(version === VERSION && rest.length >= 4 && plaintext.length % BLOCK === 0, "bad-document");
  ensure(
    head.realm === where.realm &&
      head.kind === where.kind &&
      head.subject === where.subject &&
      head.n === where.n,
    "other-document",
  );
  const length = new DataView(rest.buffer, rest.byteOffset).getUint32(0);
  const padding = rest.subarray(4 + length);
  ensure(length <= rest.length - 4 && padding.length < BLOCK && isZero(padding), "bad-padding");
  const body = text(rest.subarray(4, 4 + length));
  requireJson(body);
  return body;
}

function requireJson(body: string): void {
  try {
    JSON.parse(body);
  } catch {
    throw new Refusal("bad-document");
  }
}
