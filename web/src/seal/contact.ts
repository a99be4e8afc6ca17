/** Contact points: where news may be sent, sealed to the notification service alone. */

import { type Bytes, isZero, pad, splitLine, utf8 } from "./bytes.ts";
import { open, seal } from "./file.ts";
import { readJson } from "./json.ts";
import { ensure } from "./refusal.ts";
import { integer, list, matching, object, oneOf, type Of } from "./shape.ts";

const SIZE = 1024;

const isContact = object({
  realm: matching(/^[0-9a-f]{64}$/),
  membership: matching(/^[0-9a-f]{32}$/),
  n: integer(1),
  channel: oneOf("email", "text", "post"),
  address: matching(/^[^]{1,}$/),
  lang: oneOf("en", "cy"),
  /** Days on which no news is wanted: `YYYY-MM-DD`, or `MM-DD` for every year. */
  avoid: list(matching(/^[^]*$/)),
});
export type Contact = Of<typeof isContact>;

/** Seals a contact point to the agency's `notifier_key`; always the same length. */
export async function sealContact(contact: Contact, notifierKey: string): Promise<Bytes> {
  const { realm, membership, n, channel, address, lang, avoid } = contact;
  const ordered = { realm, membership, n, channel, address, lang, avoid };
  ensure(isContact(ordered), "bad-contact");
  const line = utf8(`${JSON.stringify(ordered)}\n`);
  ensure(line.length <= SIZE, "too-long");
  return seal(pad(line, SIZE), "x25519", notifierKey);
}

/** Opens a contact point. Only the notification service holds this identity; here for tests. */
export async function openContact(file: Uint8Array, identity: string): Promise<Contact> {
  const plaintext = await open(file, "x25519", identity);
  const [line, padding] = splitLine(plaintext);
  ensure(plaintext.length === SIZE && isZero(padding), "bad-padding");
  return readJson(line, isContact, "bad-contact");
}
