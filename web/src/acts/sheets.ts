/** Printed sheets: a fresh code, and the invitation that goes with it. */

import { post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { type Body, type Fields, generateCode } from "../seal/index.ts";
import { seconds } from "./clock.ts";
import { codeKeys } from "./slow.ts";

/** How long a printed code can be used at the most: the agency's rules may say less. */
const CODE_LIFE = 14 * 24 * 3600;

export interface Sheet {
  /** In blocks of four: for the print, and nowhere else. */
  readonly code: string;
  /** The locator: where the server keeps the invitation. */
  readonly invite: string;
  readonly expiresAt: string;
}

/** What an invitation offers; the code gives the rest. */
export type Offer = Pick<Body<"invite">, "membership" | "arrangement" | "role" | "card_hash">;

export async function makeSheet(keys: Keys, offer: Offer, card: string | null): Promise<Sheet> {
  const code = generateCode();
  const fields = await invitation(code, keys.root, offer, seconds() + CODE_LIFE);
  const statement = keys.sign("staff", "invite", fields);
  const body: Api.NewInviteBody = { statement, ...(card === null ? {} : { card }) };
  const made = await post<Api.CreatedInvite>("/api/invites", body);
  return { code, invite: made.invite, expiresAt: made.expires_at };
}

async function invitation(
  code: string,
  root: string,
  offer: Offer,
  until: number,
): Promise<Fields<"invite">> {
  const { locator, sign, rootTag } = await codeKeys(code);
  return { ...offer, invite: locator, invite_key: sign.public, root_tag: await rootTag(root), until };
}
