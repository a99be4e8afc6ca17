/** Deciding: sealing and signing here, at once; sending is the outbox's. */

import { useRef } from "preact/hooks";
import { sealDecision, unclaim, type Outcome, type Remarked, type SealedDecision } from "../../../acts/checking.ts";
import { ApiProblem } from "../../../api.ts";
import { useKeys } from "../../../app.tsx";
import { useAction, type Action } from "../../../parts/load.tsx";
import type { Ready } from "./ready.ts";

interface Decision {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly remarks: readonly Remarked[];
}

export interface Deciding extends Action {
  readonly decide: (decision: Decision) => void;
}

export function useDecision({ desk }: Ready, sealed: (sealed: SealedDecision) => void): Deciding {
  const keys = useKeys();
  const wanted = useRef<Decision | null>(null);
  const action = useAction(async () => {
    if (wanted.current === null) return;
    const { outcome, reason, remarks } = wanted.current;
    sealed(await sealDecision(keys, desk, outcome, reason, remarks));
  });
  const decide = (decision: Decision) => {
    wanted.current = decision;
    action.run();
  };
  return { ...action, decide };
}

/** A claim that has lapsed need not be given back. */
function wasNotOurs(problem: unknown): void {
  if (!(problem instanceof ApiProblem && problem.code === "no-claim")) throw problem;
}

export type GivenBack = "asked" | "skipped";

export interface GivingBack extends Action {
  readonly giveBack: (how: GivenBack) => void;
}

/** The letter goes back to the queue, undecided. */
export function useGivingBack({ desk }: Ready, given: (how: GivenBack) => void): GivingBack {
  const wanted = useRef<GivenBack>("skipped");
  const action = useAction(async () => {
    await unclaim(desk.letter).catch(wasNotOurs);
    given(wanted.current);
  });
  const giveBack = (how: GivenBack) => {
    wanted.current = how;
    action.run();
  };
  return { ...action, giveBack };
}
