/** A brother or sister who was left out hurts: what makes it likely, said before it happens. */

import { arrangements, type OpenedArrangement } from "../../../acts/arranging.ts";
import type { Plan } from "../../../acts/plan.ts";
import { useKeys } from "../../../app.tsx";
import { useLoad } from "../../../parts/load.tsx";
import { Warning } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useOpenedArrangements } from "./opening.ts";
import { lines, type TypedPerson } from "./plan_form.ts";

/** Roles of those a plan is about. */
const YOUNG: readonly string[] = ["adopted-person", "sibling"];
/** Roles that bring up children together. */
const PARENTS: readonly string[] = ["adoptive-parent", "special-guardian", "kinship-carer"];

/** More plans than this are not opened beside the one on screen. */
const MOST = 60;

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

/** For a plan that is being typed. */
export function RoleWarning(props: { readonly people: readonly TypedPerson[]; readonly childrenTyped: string }) {
  const names = unnamedSiblings(props.people, lines(props.childrenTyped));
  return names.length === 0 ? null : <Warning>{t("people.siblings.unnamed", { names: names.join(", ") })}</Warning>;
}

/** For a plan in force: also looks into the team's other plans, as far as they open here. */
export function SiblingWarnings({ opened }: { readonly opened: OpenedArrangement }) {
  const keys = useKeys();
  const all = useLoad(arrangements, []);
  const ids = all.state === "here" ? all.data.map(({ arrangement }) => arrangement) : [];
  const others = useOpenedArrangements(
    keys,
    ids.filter((id) => id !== opened.standing.arrangement).slice(0, MOST),
  );
  const plans = [...others.values()].flatMap((other) => (other === null ? [] : [other.plan]));
  const unnamed = unnamedSiblings(opened.plan.people, opened.plan.children);
  const elsewhere = childrenElsewhere(opened.plan, plans);
  return (
    <>
      {unnamed.length === 0 ? null : (
        <Warning>{t("people.siblings.unnamed", { names: unnamed.join(", ") })}</Warning>
      )}
      {elsewhere.length === 0 ? null : (
        <Warning>{t("people.siblings.elsewhere", { names: elsewhere.join(", ") })}</Warning>
      )}
    </>
  );
}
