/** One person by their membership: their arrangement opened, and their way in. */

import { cardUnder } from "../../../acts/arrangement_files.ts";
import { openArrangement, type OpenedArrangement } from "../../../acts/arranging.ts";
import { personOf } from "../../../acts/plan.ts";
import { type Colleague, everybody, me } from "../../../acts/staffing.ts";
import type { Place } from "../../../acts/standing.ts";
import type * as Api from "../../../api_types.ts";
import type { Keys } from "../../../keys.ts";
import { t } from "../../../words.ts";
import { followed } from "./following.ts";

export interface Known {
  readonly opened: OpenedArrangement;
  readonly place: Place;
  readonly name: string;
  readonly role: string;
  /**
   * The number on the card that their certificate names; empty when there is none. A sheet for new
   * keys has a card too, by whoever made it: its number alone would have the wrong person rung up. So
   * would one in the notes, which each colleague may change, after a move: it is no more than a hint.
   */
  readonly phone: string;
  /** Those of the arrangement, newest first. */
  readonly invites: readonly Api.Invite[];
  readonly self: Colleague | null;
  readonly staff: readonly Colleague[];
}

/** Null for somebody who is in none of this person's arrangements. */
export async function personKnown(keys: Keys, membership: string): Promise<Known | null> {
  const invites = await followed();
  const arrangement = invites.find((each) => each.membership === membership)?.arrangement ?? "";
  if (arrangement === "") return null;
  const [opened, self, staff] = await Promise.all([openArrangement(keys, arrangement), me(keys), everybody(keys)]);
  const place = opened.standing.members.find((each) => each.membership === membership);
  if (place === undefined) return null;
  const person = personOf(opened.plan, membership);
  const sealed = invites.flatMap((each) => (each.membership === membership ? (each.card ?? []) : []));
  const card = await cardUnder(keys, opened.standing, membership, place.certificate, sealed);
  return {
    opened,
    place,
    name: person?.name ?? t("people.person.unknown"),
    role: person?.role ?? "",
    phone: card?.phone ?? "",
    invites: invites.filter((each) => each.arrangement === arrangement),
    self,
    staff,
  };
}
