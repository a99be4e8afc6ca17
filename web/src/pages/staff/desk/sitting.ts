/**
 * One sitting at the desk: the letters in the order they are served, two of them claimed at a time,
 * one shown and the next opened ahead; and what became of each.
 */

import { unclaim, type WaitingLetter } from "../../../acts/checking.ts";
import { ApiProblem } from "../../../api.ts";
import type { Keys } from "../../../keys.ts";
import { prepare, type Ready } from "./ready.ts";

/** `first`: a second person must agree to deliver; `keep`: to keep it; `kept`: they did. */
export type Done = "deliver" | "change" | "keep" | "kept" | "first" | "asked" | "skipped";

/** What is said when the next letter is shown. */
export type Said = Done | "undone" | null;

type Prepare = (waiting: WaitingLetter) => Promise<Ready>;
type GiveBack = (letter: string) => Promise<void>;

export class Sitting {
  private readonly ready = new Map<string, Promise<Ready>>();
  private readonly done = new Map<string, Done>();
  private readonly listeners = new Set<() => void>();
  private order: readonly WaitingLetter[];
  private at = 0;
  said: Said = null;

  constructor(
    order: readonly WaitingLetter[],
    private readonly prepare: Prepare,
    private readonly giveBack: GiveBack = unclaim,
  ) {
    this.order = order;
  }

  get total(): number {
    return this.order.length;
  }

  /** Counted from 1. */
  get number(): number {
    return this.at + 1;
  }

  /** The letter that is shown; null when all were. */
  get current(): WaitingLetter | null {
    return this.order[this.at] ?? null;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What became of the letters, how many of each. */
  tally(): Readonly<Record<Done, number>> {
    const tally = { deliver: 0, change: 0, keep: 0, kept: 0, first: 0, asked: 0, skipped: 0 };
    for (const done of this.done.values()) tally[done] += 1;
    return tally;
  }

  /**
   * The current letter, ready; null at the end. Those that a colleague has taken meanwhile are left
   * out. The next one is made ready as soon as this one is.
   */
  async open(): Promise<Ready | null> {
    for (let letter = this.current; letter !== null; letter = this.current) {
      try {
        const ready = await this.readied(letter);
        this.ahead();
        return ready;
      } catch (problem) {
        this.ready.delete(letter.letter);
        if (!isTaken(problem)) throw problem;
        this.leaveOut(letter);
      }
    }
    return null;
  }

  /** Takes a note of what became of the current letter, and goes on to the next. */
  next(done: Done): void {
    const letter = this.current;
    if (letter === null) return;
    // Only the decision before this one can be taken back: earlier letters are put out of memory.
    for (const earlier of this.done.keys()) this.ready.delete(earlier);
    this.done.set(letter.letter, done);
    this.said = done;
    this.at += 1;
    this.tell();
  }

  /** The decision on a letter was taken back: it is shown again. */
  back(letter: string): void {
    const at = this.order.findIndex((it) => it.letter === letter);
    if (at < 0) return;
    this.done.delete(letter);
    this.said = "undone";
    this.at = at;
    this.tell();
  }

  /** A colleague has the current letter now: it is left out. */
  lose(): void {
    const letter = this.current;
    if (letter === null) return;
    this.ready.delete(letter.letter);
    this.said = null;
    this.leaveOut(letter);
  }

  /** Whether a decision on it was made here: the queue lists it until that is verified. */
  isDecided(letter: string): boolean {
    const done = this.done.get(letter);
    return done !== undefined && done !== "asked" && done !== "skipped";
  }

  /** The server would not have what was decided on a letter. */
  undo(letter: string): void {
    this.done.delete(letter);
    this.tell();
  }

  /** Has a letter opened again: it was lost, or has moved on. */
  again(letter: string): void {
    this.ready.delete(letter);
  }

  /** The ids of the letters that are claimed for this sitting and not yet decided. */
  claimed(): string[] {
    return [...this.ready.keys()].filter((letter) => !this.done.has(letter));
  }

  /** Gives back what was claimed ahead and never shown. */
  async leave(): Promise<void> {
    this.said = null;
    const ahead = this.claimed().filter((letter) => letter !== this.current?.letter);
    for (const letter of ahead) this.ready.delete(letter);
    await Promise.allSettled(ahead.map((letter) => this.giveBack(letter)));
  }

  private ahead(): void {
    const next = this.order[this.at + 1];
    // Whatever is wrong with it is told when its turn comes.
    if (next !== undefined) this.readied(next).catch(() => undefined);
  }

  private readied(letter: WaitingLetter): Promise<Ready> {
    const ready = this.ready.get(letter.letter) ?? this.prepare(letter);
    this.ready.set(letter.letter, ready);
    return ready;
  }

  private leaveOut({ letter }: WaitingLetter): void {
    this.order = this.order.filter((it) => it.letter !== letter);
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** A colleague has it, or has decided on it, or its writer took it back: nothing to be told. */
function isTaken(problem: unknown): boolean {
  const codes = ["held", "already-decided", "not-open", "not-found"];
  return problem instanceof ApiProblem && codes.includes(problem.code);
}

/** The sittings of open desks; each goes with its keys. */
const sittings = new WeakMap<Keys, Sitting>();

export function sittingOf(keys: Keys): Sitting | null {
  return sittings.get(keys) ?? null;
}

export function sitDown(keys: Keys, order: readonly WaitingLetter[]): Sitting {
  const sitting = new Sitting(order, (waiting) => prepare(keys, waiting));
  sittings.set(keys, sitting);
  return sitting;
}
