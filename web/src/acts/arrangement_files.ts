/** Opening what is sealed in an arrangement with the team's key: plan, notes, and cards. */

import { listAll } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { type DocumentHead, hash, openDocument, Refusal } from "../seal/index.ts";
import { type Card, parseCard, type TeamNotes } from "./card.ts";
import { epochs } from "./epochs.ts";
import { Missing, Untrusted } from "./errors.ts";
import type { Plan } from "./plan.ts";
import { ledgerOf } from "./proofs.ts";
import type { Standing } from "./standing.ts";
import { bytes, trust } from "./statements.ts";

/** An arrangement with everything sealed in it opened by the team's key. */
export interface OpenedArrangement {
  readonly standing: Standing;
  readonly plan: Plan;
  readonly notes: TeamNotes;
  /** By membership; a card is there once somebody was invited. */
  readonly cards: ReadonlyMap<string, Card>;
}

/** Opens with the team's secrets, newest first: which epoch a document was sealed to is not said. */
export interface TeamOpener {
  /** A document whose hash somebody entitled has signed. */
  open(sealed: string | null, signedHash: string, where: DocumentHead): Promise<string>;
  /** A card; null for one that is sealed to a team that had the arrangement before. */
  openCard(sealed: string, signedHash: string, where: DocumentHead): Promise<Card | null>;
}

export async function teamOpener(keys: Keys, team: string): Promise<TeamOpener> {
  const secrets = (await epochs(keys, team)).map(({ secret }) => secret).reverse();
  const tried = async (sealed: string | null, signedHash: string, where: DocumentHead) => {
    const file = bytes(sealed, `the ${where.kind}`);
    trust(hash(file) === signedHash, `other-${where.kind}`);
    for (const secret of secrets) {
      if (secret === null) continue;
      try {
        return await openDocument(file, secret, where);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.code !== "cannot-open") throw new Untrusted(error.code, { cause: error });
      }
    }
    return null;
  };
  return {
    async open(sealed, signedHash, where) {
      const document = await tried(sealed, signedHash, where);
      if (document === null) throw new Missing("the team's key");
      return document;
    },
    async openCard(sealed, signedHash, where) {
      const card = await tried(sealed, signedHash, where);
      return card === null ? null : parseCard(card);
    },
  };
}

/**
 * The cards, each under a hash that a verified certificate or invitation names: anybody can seal a
 * card to the team, and a planted telephone number would have the wrong person certified.
 */
export async function cardsOf(
  keys: Keys,
  stands: Standing,
  opener: TeamOpener,
): Promise<ReadonlyMap<string, Card>> {
  const cards = new Map<string, Card>();
  const named = await namedCards(keys, stands);
  for (const { membership, sealed } of stands.files.cards) {
    const signedHash = hash(bytes(sealed, "the card"));
    if (!named.has(`${membership} ${signedHash}`)) continue;
    const where = { realm: stands.realm, kind: "card", subject: membership, n: 0 } as const;
    const card = await opener.openCard(sealed, signedHash, where);
    if (card !== null) cards.set(membership, card);
  }
  return cards;
}

/**
 * The card of somebody that a certificate or an invitation of theirs names, among what the server has:
 * a certificate's is of whom the team knew before anybody made a sheet for new keys, a used sheet's is
 * what is certified, whatever sheet was made since. Null when it is not there, or sealed to another team.
 */
export async function cardUnder(
  keys: Keys,
  { ledger, realm, team }: Standing,
  membership: string,
  statement: string,
  sealed: readonly string[],
): Promise<Card | null> {
  const named = ledger.statement(statement) ?? (await ledgerOf(keys, [statement])).statement(statement);
  if (named?.kind !== "member" && named?.kind !== "invite") return null;
  if (named.body.membership !== membership) return null;
  const signedHash = named.body.card_hash;
  const file = sealed.find((each) => hash(bytes(each, "the card")) === signedHash);
  if (file === undefined) return null;
  const where = { realm, kind: "card", subject: membership, n: 0 } as const;
  return (await teamOpener(keys, team)).openCard(file, signedHash, where);
}

async function namedCards(keys: Keys, { arrangement, members, files }: Standing): Promise<Set<string>> {
  if (files.cards.length === 0) return new Set();
  const invites = await listAll<Api.Invite>("/api/invites");
  const ours = invites.filter((each) => each.arrangement === arrangement);
  const invited = ours.map(({ statement }) => statement);
  const certified = members.map(({ certificate }) => certificate).filter((id) => id !== "");
  const ids = [...invited, ...certified];
  const ledger = await ledgerOf(keys, ids);
  const named = new Set<string>();
  for (const id of ids) {
    const found = ledger.statement(id);
    if (found?.kind !== "invite" && found?.kind !== "member") continue;
    if (found.body.arrangement === arrangement) named.add(`${found.body.membership} ${found.body.card_hash}`);
  }
  return named;
}
