/** Arrangements as staff keep them: making, inviting and certifying, plan and notes. */

import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import type { Card, Notes, Plan } from "./plan.ts";
import type { Sheet } from "./staffing.ts";
import type { Standing } from "./standing.ts";

export type ArrangementInShort = Api.Arrangement;
export type Followed = Api.Invite;

/** A person's place in a new arrangement, on paper until they join. */
export interface NewPlace {
  readonly membership: string;
  readonly side: string;
  readonly role: string;
}

/** An arrangement with everything sealed in it opened by the team's key. */
export interface OpenedArrangement {
  readonly standing: Standing;
  readonly plan: Plan;
  readonly notes: Notes;
  /** By membership; a card is there once somebody was invited. */
  readonly cards: ReadonlyMap<string, Card>;
}

/** An invitation as staff follow it. */
export interface FollowedInvite {
  /** The locator. */
  readonly invite: string;
  readonly statement: string;
  readonly role: string;
  readonly membership: string | null;
  readonly arrangement: string | null;
  /** `made`, `joined`, `certified` or `run_out`. */
  readonly status: string;
  readonly madeAt: string;
  readonly expiresAt: string;
  /** The statement of the enrolment, once there is one. Its digits are the person's to read out. */
  readonly enrol: string | null;
}

export interface Change {
  readonly plan: Plan;
  readonly notes: Notes;
  readonly reviewers?: number;
  /** Who may read and write, by membership; who is not named keeps what they have. */
  readonly rights?: Readonly<Record<string, { readonly read: boolean; readonly write: boolean }>>;
}

export function arrangements(): Promise<ArrangementInShort[]> { throw new Error("soon"); }
export function newPlace(_side: string, _role: string): NewPlace { throw new Error("soon"); }
/** Everybody is on paper as yet. Returns the arrangement's id. */
export function makeArrangement(_keys: Keys, _team: string, _reviewers: number, _places: readonly NewPlace[], _plan: Plan, _notes: Notes): Promise<string> { throw new Error("soon"); }
export function openArrangement(_keys: Keys, _arrangement: string): Promise<OpenedArrangement> { throw new Error("soon"); }
export function inviteMember(_keys: Keys, _standing: Standing, _place: NewPlace, _card: Card): Promise<Sheet> { throw new Error("soon"); }
export function invitations(): Promise<FollowedInvite[]> { throw new Error("soon"); }
/** Certifies who read out these digits. Throws WrongDigits. Returns the certificate's statement. */
export function certifyMember(_keys: Keys, _standing: Standing, _invite: string, _digits: string): Promise<string> { throw new Error("soon"); }
/** The next version: with everybody who was certified, and plan and notes as they are to be. */
export function bringOnline(_keys: Keys, _standing: Standing, _certified: Readonly<Record<string, string>>, _change: Change): Promise<void> { throw new Error("soon"); }
/** The next version with another plan, notes, rights or number of checkers. */
export function changePlan(_keys: Keys, _standing: Standing, _change: Change): Promise<void> { throw new Error("soon"); }
