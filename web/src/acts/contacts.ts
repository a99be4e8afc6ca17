/** Where news may be sent: sealed to the notification service alone. */

import { get, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { base64, hash, sealContact } from "../seal/index.ts";
import type { Letterbox } from "./letterbox.ts";
import { standing } from "./standing.ts";

/** A contact point without its content: nobody but the notification service reads that. */
export type Contact = Api.Contact;

/** What a person chose about messages. */
export interface MessagesChoice {
  readonly channel: "email" | "text" | "post";
  readonly address: string;
  readonly lang: "en" | "cy";
  /** Days without news: `YYYY-MM-DD`, or `MM-DD` for every year. */
  readonly avoid: readonly string[];
}

/** The person's own, newest version first. */
export function contacts(): Promise<Contact[]> {
  return get<Contact[]>("/api/contacts");
}

/** The next version; ApiProblem 409 when another device was first. */
export async function setContact(
  keys: Keys,
  { membership, arrangement }: Letterbox,
  { channel, address, lang, avoid }: MessagesChoice,
): Promise<void> {
  const [stands, before] = await Promise.all([standing(keys, arrangement), contacts()]);
  const latest = before.filter((each) => each.membership === membership).map(({ n }) => n);
  const n = Math.max(0, ...latest) + 1;
  const contact = { realm: stands.realm, membership, n, channel, address, lang, avoid };
  const sealed = await sealContact(contact, stands.notifierKey);
  const statement = keys.sign({ membership }, "contact", {
    membership,
    n,
    sealed_hash: hash(sealed),
    channel,
  });
  const body: Api.NewContactBody = { statement, sealed: base64(sealed) };
  await post("/api/contacts", body);
}
