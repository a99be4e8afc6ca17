/** A brother or sister who was left out hurts: what makes it likely. */

import type { Plan } from "../../../acts/plan.ts";

/** Roles of those a plan is about. */
const YOUNG: readonly string[] = ["adopted-person", "sibling"];
/** Roles that bring up children together. */
const PARENTS: readonly string[] = ["adoptive-parent", "special-guardian", "kinship-carer"];

const folded = (name: string): string => name.trim().normalize("NFC").toLocaleLowerCase();

/** Brothers, sisters and adopted people in the plan whom its list of children does not name. */
export function unnamedSiblings(
  people: readonly { readonly role: string; readonly name: string }[],
  children: readonly string[],
): string[] {
  const named = children.map(folded);
  const young = people.filter(({ role, name }) => YOUNG.includes(role) && name.trim() !== "");
  return young.map(({ name }) => name.trim()).filter((name) => !named.includes(folded(name)));
}

/** Children whom another plan with the very same parents names and this one does not. */
export function childrenElsewhere(plan: Plan, others: readonly Plan[]): string[] {
  const family = parentsOf(plan);
  if (family === "") return [];
  const named = plan.children.map(folded);
  const siblings = others.filter((other) => parentsOf(other) === family).flatMap(({ children }) => children);
  return [...new Set(siblings)].filter((child) => !named.includes(folded(child)));
}

function parentsOf({ people }: Plan): string {
  const parents = people.filter(({ role }) => PARENTS.includes(role));
  return parents.map(({ name }) => folded(name)).sort().join(" & ");
}
