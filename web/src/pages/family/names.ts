/** What people and the agency are called on the pages of letters. */

import type { Letterbox } from "../../acts/letterbox.ts";
import { personOf } from "../../acts/plan.ts";
import { useApp } from "../../app.tsx";
import { t, tKnown } from "../../words.ts";

/** The agency's name, or "the agency" before it has one. */
export function useAgencyName(): string {
  return useApp().agency?.name ?? t("letters.agency");
}

/** Its own rules. */
export function usePolicy(): Readonly<Record<string, unknown>> {
  return useApp().agency?.policy ?? {};
}

/** Everybody on the other sides, as they sign: a couple that signs together is named once. */
export function others({ plan, side }: Letterbox): string {
  const there = plan.people.filter((person) => person.side !== side);
  return listed([...new Set(there.map(({ signs }) => signs))]);
}

/** How somebody in the plan signs. */
export function signsAs({ plan }: Letterbox, membership: string): string {
  return personOf(plan, membership)?.signs ?? t("letters.somebody");
}

/** "Beth, Kerry and Tom". */
export function listed(names: readonly string[]): string {
  const last = names[names.length - 1] ?? "";
  const first = names.slice(0, -1).join(", ");
  if (first === "") return last;
  // Welsh has another "and" before a vowel.
  const key = /^[aeiouwyâêîôûŵŷ]/i.test(last) ? "letters.and.vowel" : "letters.and";
  return t(key, { first, last });
}

/** Somebody of the staff at the start of a sentence: "Priya, letterbox worker," or "A letterbox worker"; or after "by". */
export function staffed(role: string, name: string | null | undefined, form: "a" | "by" = "a"): string {
  return name
    ? t("letters.who", { name, role: tKnown(`letters.role.${role}`) ?? t("letters.role.other") })
    : (tKnown(`letters.role.${role}.${form}`) ?? t(`letters.role.other.${form}`));
}
