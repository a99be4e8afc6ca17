/** The decision chain of one revision: who has agreed to what, and whether that is final. */

import { Refusal } from "./refusal.ts";
import type { Body, Statement } from "./statement.ts";

type Outcome = Body<"decision">["outcome"];

/** What the next decision has to say about its place. */
export interface NextStep {
  readonly step: number;
  readonly prior: string;
  readonly isFinal: boolean;
}

interface Head {
  readonly decision: Statement<"decision">;
  readonly isFinal: boolean;
}

/** How many distinct persons an outcome takes. */
function personsWanted(outcome: Outcome, reviewers: number): number {
  return { change: 1, keep: 2, deliver: reviewers }[outcome];
}

export class Chain {
  /** All decisions, in log order, closed chains included. */
  readonly decisions: Statement<"decision">[] = [];
  head: Head | null = null;
  /** The message that asked for another look, until the next decision answers it. */
  reopenedBy: string | null = null;
  /** Who signed since the chain last started again. */
  private persons: string[] = [];
  /** Who signed at all. */
  private readonly everyone: string[] = [];
  /** Who signed before another look: none of them may sign again. */
  private excluded: readonly string[] = [];

  /** The head whose steps the next decision continues, rather than starting again. */
  private continued(outcome: Outcome): Head | null {
    const head = this.reopenedBy === null ? this.head : null;
    return head?.decision.body.outcome === outcome ? head : null;
  }

  /** In an arrangement whose letters `reviewers` persons must agree to deliver. */
  next(outcome: Outcome, reviewers: number): NextStep {
    if (this.reopenedBy === null && this.head?.isFinal) throw new Refusal("already-final");
    const continued = this.continued(outcome);
    // Another outcome or another look: the chain starts again.
    const step = continued === null ? 1 : continued.decision.body.step + 1;
    const prior = continued?.decision.id ?? this.reopenedBy ?? this.head?.decision.id ?? "";
    return { step, prior, isFinal: step >= personsWanted(outcome, reviewers) };
  }

  /** Whether this person may sign: new within the steps, and not one who signed before another look. */
  admits(person: string, outcome: Outcome): boolean {
    const again = this.continued(outcome) !== null && this.persons.includes(person);
    return !again && !this.excluded.includes(person);
  }

  /** Adds a decision that `next` and `admits` have allowed. */
  push(head: Head, person: string): void {
    if (head.decision.body.step === 1) this.persons = [];
    this.persons.push(person);
    this.everyone.push(person);
    this.decisions.push(head.decision);
    this.head = head;
    this.reopenedBy = null;
  }

  /** Another look was asked for: the next decision starts again, by other persons. */
  reopen(message: string): void {
    this.reopenedBy = message;
    this.excluded = [...this.everyone];
  }
}
