/** A plan and its notes as they are typed, and what they become. */

import { type FamilyRole, type NewPlace, newPlace } from "../../../acts/arranging.ts";
import type { TeamNotes } from "../../../acts/card.ts";
import type { Notes, Plan, PlanPerson } from "../../../acts/plan.ts";
import type { FieldError } from "../../../parts/screen.tsx";
import { t } from "../../../words.ts";
import { isDay } from "./days.ts";
import { familyRole, sideName } from "./roles.ts";

export interface TypedPerson {
  readonly side: string;
  readonly role: FamilyRole;
  readonly name: string;
  readonly signs: string;
}

/** Lists are typed one to a line. */
export interface TypedPlan {
  readonly people: readonly TypedPerson[];
  readonly children: string;
  readonly months: Readonly<Record<string, readonly number[]>>;
  readonly photos: boolean;
  readonly rules: string;
  readonly nextReview: string;
  readonly protectedTerms: string;
  readonly history: string;
}

export function typedOf(plan: Plan, notes: Notes): TypedPlan {
  return {
    people: plan.people.map(({ side, role, name, signs }) => ({
      side,
      role: familyRole(role) ?? "other-relative",
      name,
      signs,
    })),
    children: plan.children.join("\n"),
    months: plan.months,
    photos: plan.photos,
    rules: plan.rules.join("\n"),
    nextReview: plan.next_review_on,
    protectedTerms: notes.protected.join("\n"),
    history: notes.history,
  };
}

export const somebody = (side: string, role: FamilyRole): TypedPerson => ({ side, role, name: "", signs: "" });

/** A place for each of these people, in their order. */
export function placesFor(people: readonly TypedPerson[]): NewPlace[] {
  return people.map(({ side, role }) => newPlace(side, role));
}

export function lines(typed: string): string[] {
  return typed
    .split("\n")
    .map((line) => line.trim().normalize("NFC"))
    .filter((line) => line !== "");
}

export function sidesOf(people: readonly TypedPerson[]): string[] {
  return [...new Set(people.map(({ side }) => side))].sort();
}

/** What is still wrong, in the order of the page. */
export function mistakes(typed: TypedPlan): FieldError[] {
  const errors: FieldError[] = [];
  typed.people.forEach((person, at) => {
    const isNamed = person.name.trim() !== "";
    if (!isNamed) errors.push({ field: `name-${at}`, message: t("people.person.name.error", { n: at + 1 }) });
  });
  if (sidesOf(typed.people).length < 2) errors.push({ field: "side-0", message: t("people.side.error") });
  if (lines(typed.children).length === 0) {
    errors.push({ field: "children", message: t("people.plan.children.error") });
  }
  for (const side of sidesOf(typed.people)) {
    const isEmpty = (typed.months[side] ?? []).length === 0;
    if (!isEmpty) continue;
    errors.push({ field: `months-${side}`, message: t("people.plan.months.error", { side: sideName(side) }) });
  }
  if (!isDay(typed.nextReview)) errors.push({ field: "next-review", message: t("people.day.error") });
  return errors;
}

/** The plan for these places, which are in the order of the people. */
export function planOf(
  typed: TypedPlan,
  places: readonly Pick<PlanPerson, "membership" | "side" | "role">[],
  reviewedOn: string,
): Plan {
  const people = typed.people.flatMap((person, at): PlanPerson[] => {
    const place = places[at];
    if (place === undefined) return [];
    const name = person.name.trim().normalize("NFC");
    const signs = person.signs.trim().normalize("NFC");
    const { membership, side, role } = place;
    return [{ membership, side, role, name, signs: signs === "" ? name : signs }];
  });
  const months = Object.fromEntries(
    sidesOf(typed.people).map((side) => [side, [...(typed.months[side] ?? [])].sort((a, b) => a - b)]),
  );
  return {
    v: 1,
    people,
    children: lines(typed.children),
    months,
    photos: typed.photos,
    reviewed_on: reviewedOn,
    next_review_on: typed.nextReview,
    rules: lines(typed.rules),
  };
}

/** What `before` has besides is kept. */
export function notesOf(typed: TypedPlan, before?: TeamNotes): TeamNotes {
  const history = typed.history.trim().normalize("NFC");
  return { ...before, v: 1, protected: lines(typed.protectedTerms), history };
}
