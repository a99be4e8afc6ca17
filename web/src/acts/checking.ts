/**
 * Checking: claim a letter, open it with the team's key, decide. Deciding to pass it on is sealing
 * its key to the readers and signing; nothing on a server can do it.
 */

import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import type { Part } from "../seal/index.ts";

export type WaitingLetter = Api.WaitingLetter & { readonly allocated_name?: string | null };
export type Claim = Api.Claim & { readonly name?: string | null };
export type Outcome = "deliver" | "change" | "keep";
export type Why = Api.Why;

/** What staff write beside a decision: to the author, to a reader, or to the next checker (`team`, to null). */
export interface Remarked {
  readonly kind: "comment" | "note" | "team";
  readonly to: string | null;
  readonly text: string;
}

/** What a colleague wrote for the next checker. */
export interface TeamLine {
  readonly decision: string;
  readonly staff: string;
  readonly text: string;
}

/** A letter opened on a checker's desk, everything about its writer verified. */
export interface OnDesk {
  readonly letter: string;
  /** Its `submit` statement. */
  readonly statement: string;
  readonly rev: number;
  readonly arrangement: string;
  readonly team: string;
  readonly author: string;
  readonly to: readonly string[];
  /** The day the writer's device gave. */
  readonly day: string;
  readonly parts: readonly Part[];
  readonly text: string;
  readonly lines: readonly TeamLine[];
  /** Decisions on this revision so far, verified, in order. */
  readonly decided: readonly { readonly statement: string; readonly outcome: Outcome; readonly staff: string; readonly step: number }[];
  /** What a decision would be now: whether it is the last step, and who would then be given the letter. */
  next(outcome: Outcome): { readonly step: number; readonly isFinal: boolean; readonly readers: readonly string[] };
}

/** A decision sealed and signed, not yet sent. */
export interface SealedDecision {
  readonly letter: string;
  readonly statement: string;
  readonly outcome: Outcome;
  readonly isFinal: boolean;
  readonly body: Api.NewDecisionBody;
}

/** Oldest first. */
export function queue(): Promise<WaitingLetter[]> { throw new Error("soon"); }
export function claim(_letter: string): Promise<Claim> { throw new Error("soon"); }
export function unclaim(_letter: string): Promise<void> { throw new Error("soon"); }
export function renew(_letter: string): Promise<void> { throw new Error("soon"); }
/** Goes on record first. Throws CannotOpen. */
export function openOnDesk(_keys: Keys, _letter: string, _why: Why): Promise<OnDesk> { throw new Error("soon"); }
/** `reason` is the code of the agency's list, as the API wants it. */
export function sealDecision(_keys: Keys, _desk: OnDesk, _outcome: Outcome, _reason: string, _remarks: readonly Remarked[]): Promise<SealedDecision> { throw new Error("soon"); }
export function sendDecision(_sealed: SealedDecision): Promise<void> { throw new Error("soon"); }
