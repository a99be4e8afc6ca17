/**
 * Decisions that are signed but not yet sent. What was sent cannot be called back, so the last
 * decision waits here a short while, sealed and in memory alone, and can be taken back until then.
 */

import { sendDecision, type SealedDecision } from "../../../acts/checking.ts";
import { ApiProblem } from "../../../api.ts";
import { beforeLock } from "../../../leaving.ts";

/** How long a decision can be taken back, in milliseconds. */
export const HOLD = 20_000;

export interface Item {
  readonly sealed: SealedDecision;
  /** `unsent`: the connection failed, it can be tried again. `refused`: it can never be sent. */
  readonly state: "held" | "sending" | "unsent" | "refused";
  /** Why it was not sent. */
  readonly problem: unknown;
  /** Called once it is known whether the server has it. */
  readonly settled: (wasSent: boolean) => void;
}

type Send = (sealed: SealedDecision) => Promise<void>;

export class Outbox {
  private kept: readonly Item[] = [];
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly send: Send = sendDecision,
    private readonly holdFor: number = HOLD,
  ) {}

  /** Oldest first; what was sent is no longer among them. */
  get items(): readonly Item[] {
    return this.kept;
  }

  /** The one that can be taken back. */
  get held(): Item | null {
    return this.kept.find(({ state }) => state === "held") ?? null;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Holds a decision, and sends the one before it. */
  hold(sealed: SealedDecision, settled: Item["settled"]): void {
    void this.flush();
    this.keep([...this.kept, { sealed, state: "held", problem: null, settled }]);
    this.timer = setTimeout(() => void this.flush(), this.holdFor);
  }

  /** Takes the held decision out again: it was never sent. Null when there is none to be had. */
  takeBack(): SealedDecision | null {
    const { held } = this;
    if (held === null) return null;
    clearTimeout(this.timer);
    this.drop(held.sealed);
    return held.sealed;
  }

  /** Sends the held decision now. Never fails: what goes wrong stays in the outbox. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    const { held } = this;
    if (held !== null) await this.deliver(held.sealed);
  }

  /** Tries everything again that the connection failed. */
  async again(): Promise<void> {
    const unsent = this.kept.filter(({ state }) => state === "unsent");
    await Promise.all(unsent.map(({ sealed }) => this.deliver(sealed)));
  }

  /** Forgets one that was refused, once somebody has read so. */
  forget(sealed: SealedDecision): void {
    this.drop(sealed);
  }

  private async deliver(sealed: SealedDecision): Promise<void> {
    const settled = this.kept.find((item) => item.sealed === sealed)?.settled;
    this.change(sealed, { state: "sending", problem: null });
    try {
      await this.send(sealed);
      this.drop(sealed);
      settled?.(true);
    } catch (problem) {
      const isFinal = problem instanceof ApiProblem && REFUSED.has(problem.status);
      this.change(sealed, { state: isFinal ? "refused" : "unsent", problem });
      if (isFinal) settled?.(false);
    }
  }

  private change(sealed: SealedDecision, changed: Pick<Item, "state" | "problem">): void {
    this.keep(this.kept.map((item) => (item.sealed === sealed ? { ...item, ...changed } : item)));
  }

  private drop(sealed: SealedDecision): void {
    this.keep(this.kept.filter((item) => item.sealed !== sealed));
  }

  private keep(items: readonly Item[]): void {
    this.kept = items;
    for (const listener of this.listeners) listener();
  }
}

/** Answers that no second try changes: not entitled, gone, overtaken, refused. */
const REFUSED = new Set([400, 403, 404, 409, 413, 422]);

/** The desk's own. */
export const outbox = new Outbox();
beforeLock(() => outbox.flush());
