/** Says that a brother or sister may have been left out, before it happens. */

import { arrangements, type OpenedArrangement } from "../../../acts/arranging.ts";
import { useKeys } from "../../../app.tsx";
import { useLoad } from "../../../parts/load.tsx";
import { Warning } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useOpenedArrangements } from "./opening.ts";
import { lines, type TypedPerson } from "./plan_form.ts";
import { childrenElsewhere, unnamedSiblings } from "./siblings.ts";

/** More plans than this are not opened beside the one on screen. */
const MOST = 60;

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
