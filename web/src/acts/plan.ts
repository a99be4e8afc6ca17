/** The plan and the staff's notes: sealed JSON, version 1. */

import { Untrusted } from "./errors.ts";
import { boolean, integer, list, matching, oneOf, type Of, type Shape } from "../seal/shape.ts";

type Fields = Readonly<Record<string, Shape<unknown>>>;

/** Objects with at least these keys: a later version may add some. */
export function having<F extends Fields>(fields: F): Shape<{ readonly [K in keyof F]: Of<F[K]> }> {
  return (value): value is { readonly [K in keyof F]: Of<F[K]> } => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const given: Readonly<Record<string, unknown>> = { ...value };
    return Object.entries(fields).every(([name, shape]) => shape(given[name]));
  };
}

/** Objects whose every value is of one shape. */
export function mapping<T>(of: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each: unknown) => of(each));
}

export const words = matching(/^[^]*$/);
const day = matching(/^\d{4}-\d\d-\d\d$/);
const month = integer(1, 12);

const isPerson = having({
  membership: matching(/^[0-9a-f]{32}$/),
  side: matching(/^[a-f]$/),
  name: words,
  role: words,
  /** How this person signs, and with whom: "Beth and Tom". */
  signs: words,
});
export type PlanPerson = Of<typeof isPerson>;

const isPlan = having({
  v: oneOf(1),
  people: list(isPerson),
  /** First names the plan uses. */
  children: list(words),
  /** Months (1 to 12) in which each side writes. */
  months: mapping(list(month)),
  photos: boolean,
  reviewed_on: day,
  next_review_on: day,
  rules: list(words),
});
export type Plan = Of<typeof isPlan>;

const isNotes = having({
  v: oneOf(1),
  /** Words that must not get through: surnames, schools, towns. */
  protected: list(words),
  history: words,
});
export type Notes = Of<typeof isNotes>;

export const parsePlan = (json: string): Plan => parse(json, isPlan, "plan");
export const parseNotes = (json: string): Notes => parse(json, isNotes, "notes");

/** `Untrusted` with the document's name for what is no such document. */
export function parse<T>(json: string, shape: Shape<T>, code: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (!shape(value)) throw new Untrusted(code);
  return value;
}

/** The plan's entry for a membership. */
export function personOf(plan: Plan, membership: string): PlanPerson | undefined {
  return plan.people.find((person) => person.membership === membership);
}
