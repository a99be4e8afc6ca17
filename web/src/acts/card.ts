/** A person's card, sealed to the team: whom to ring, and how it was seen that they are who they say. */

import type { Of, Shape } from "../seal/shape.ts";
import { having, mapping, type Notes, parse, parseNotes, words } from "./plan.ts";

const isCard = having({ name: words, relationship: words, phone: words });
const maybe: Shape<string | undefined> = (value): value is string | undefined =>
  value === undefined || words(value);
/** With a sheet for new keys. */
const isChecked = having({ checked: maybe, approver: maybe });

export type Card = Of<typeof isCard> & {
  /** How the person was checked before they got new keys: a word of the page's list. */
  readonly checked?: string | undefined;
  /** The member of staff who was asked to approve it. */
  readonly approver?: string | undefined;
};

/** `Untrusted` for what is no card. */
export function parseCard(json: string): Card {
  return { ...parse(json, isCard, "card"), ...parse(json, isChecked, "card") };
}

/**
 * The notes with what was on the people's cards when another team gave the arrangement away, by
 * membership: the cards themselves are sealed to that team.
 */
export type TeamNotes = Notes & { readonly cards?: Readonly<Record<string, Card>> | undefined };

const areCards = mapping(isCard);
const isGiven = having({
  cards: (value): value is Of<typeof areCards> | undefined => value === undefined || areCards(value),
});

/** `Untrusted` for what are no notes. */
export function parseTeamNotes(json: string): TeamNotes {
  return { ...parse(json, isGiven, "notes"), ...parseNotes(json) };
}
