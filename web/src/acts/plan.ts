/** The plan, the staff's notes and a person's card: sealed JSON, version 1. */

import { Untrusted } from "./errors.ts";

export interface PlanPerson {
  readonly membership: string;
  readonly side: string;
  readonly name: string;
  readonly role: string;
  /** How this person signs. */
  readonly signs: string;
}

export interface Plan {
  readonly v: 1;
  readonly people: readonly PlanPerson[];
  /** First names the plan uses. */
  readonly children: readonly string[];
  /** Months (1 to 12) in which each side writes. */
  readonly months: Readonly<Record<string, readonly number[]>>;
  readonly photos: boolean;
  readonly reviewed_on: string;
  readonly next_review_on: string;
  readonly rules: readonly string[];
}

export interface Notes {
  readonly v: 1;
  readonly protected: readonly string[];
  readonly history: string;
}

export interface Card {
  readonly name: string;
  readonly relationship: string;
  readonly phone: string;
}

export function parsePlan(_json: string): Plan { throw new Untrusted("plan"); }
export function parseNotes(_json: string): Notes { throw new Untrusted("notes"); }
export function parseCard(_json: string): Card { throw new Untrusted("card"); }
/** The plan's entry for a membership. */
export function personOf(plan: Plan, membership: string): PlanPerson | undefined {
  return plan.people.find((person) => person.membership === membership);
}
