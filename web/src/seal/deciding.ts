/** What a ledger says to whoever decides. Apart, so that no family's browser loads it. */

import { Chain, type NextStep } from "./chain.ts";
import type { Ledger } from "./ledger.ts";
import { Refusal } from "./refusal.ts";
import { type Addressee, addressed, onlineAddressees } from "./rules_decision.ts";
import type { Body, Statement } from "./statement.ts";

/** Every decision on a revision, in log order, closed chains included. */
export function decisionChain({ at }: Ledger, submitId: string): readonly Statement<"decision">[] {
  return at.chains.get(submitId)?.decisions ?? [];
}

/** What a checker's client needs before it signs: the next decision's place, and whom it must grant. */
export function nextStep(
  { at }: Ledger,
  submitId: string,
  outcome: Body<"decision">["outcome"],
): NextStep & { readonly addressees: readonly Addressee[] } {
  const submit = at.get(submitId, "submit").body;
  const version = at.arrangements.get(submit.arrangement)?.body;
  if (version === undefined) throw new Refusal("wrong-arrangement");
  const next = (at.chains.get(submitId) ?? new Chain()).next(outcome, version.reviewers);
  const delivers = outcome === "deliver" && next.isFinal;
  return { ...next, addressees: delivers ? onlineAddressees(at, submit, version) : [] };
}

/** Whether a revision is for somebody whose keys have ended: passed on, it waits for their new ones. */
export function waitsForKeys({ at }: Ledger, submitId: string): boolean {
  const submit = at.get(submitId, "submit").body;
  const version = at.arrangements.get(submit.arrangement)?.body;
  return version !== undefined && addressed(submit, version).some(({ cert_id }) => !at.isInForce(cert_id));
}
