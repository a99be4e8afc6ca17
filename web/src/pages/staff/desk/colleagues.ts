/** Who works here and who this is, asked once for as long as the keys are open. */

import { everybody, me, type Colleague } from "../../../acts/staffing.ts";
import { ApiProblem } from "../../../api.ts";
import type { Keys } from "../../../keys.ts";

export interface Colleagues {
  /** Null for somebody who is not of the staff. */
  readonly me: Colleague | null;
  readonly all: readonly Colleague[];
}

const known = new WeakMap<Keys, Promise<Colleagues>>();

export function colleagues(keys: Keys): Promise<Colleagues> {
  const asked = known.get(keys) ?? ask(keys);
  known.set(keys, asked);
  // An answer that failed is asked for again.
  asked.catch(() => known.delete(keys));
  return asked;
}

async function ask(keys: Keys): Promise<Colleagues> {
  const [self, all] = await Promise.all([me(keys), everybody(keys).catch(hidden)]);
  return { me: self, all };
}

/** Those who may not see the list do without names. */
function hidden(problem: unknown): readonly Colleague[] {
  if (problem instanceof ApiProblem && (problem.status === 403 || problem.status === 404)) return [];
  throw problem;
}

export function isLead(colleague: Colleague | null): boolean {
  return colleague?.roles.includes("lead") ?? false;
}

/** Whether this person checks letters at all. */
export function checks(colleague: Colleague | null): boolean {
  return isLead(colleague) || (colleague?.roles.includes("coordinator") ?? false);
}

/** First names of the leads of a team, who can give somebody its key. */
export function leadsOf(all: readonly Colleague[], team: string): string[] {
  return all
    .filter((it) => isLead(it) && it.teams.includes(team))
    .flatMap(({ name }) => (name === null ? [] : [name]));
}

export function nameOf(all: readonly Colleague[], staff: string): string | null {
  return all.find((it) => it.staff === staff)?.name ?? null;
}
