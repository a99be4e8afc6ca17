/** A checker's work on one letter: ticks, comments, notes. What is typed is kept, sealed to them alone. */

import { deleteDraft, Elsewhere, listDrafts, saveDraft, type Draft } from "../../../acts/drafts.ts";
import type { OnDesk, WaitingLetter } from "../../../acts/checking.ts";
import type { Keys } from "../../../keys.ts";
import { isReason, type Reason } from "./reasons.ts";

/** What is said about one passage. */
export interface Passage {
  /** The writer's words; empty for the whole letter. */
  readonly passage: string;
  readonly comment: string;
  /** Words the writer could use instead; may be empty. */
  readonly suggestion: string;
}

export interface Work {
  /** One for each point of the checklist. */
  readonly ticks: readonly boolean[];
  /** To the readers, before they read. */
  readonly note: string;
  readonly passages: readonly Passage[];
  readonly changeReason: Reason | null;
  readonly keepReason: Reason | null;
  /** For the next checker. */
  readonly forColleague: string;
  readonly question: string;
  readonly skipped: string;
}

export const POINTS = 7;

export const UNTOUCHED: Work = {
  ticks: Array.from({ length: POINTS }, () => false),
  note: "",
  passages: [],
  changeReason: null,
  keepReason: null,
  forColleague: "",
  question: "",
  skipped: "",
};

/** Whether there is anything that somebody would miss. */
export function isWorthKeeping(work: Work): boolean {
  const typed = [work.note, work.forColleague, work.question, work.skipped, ...work.passages.flatMap(wordsOf)];
  return typed.some((words) => words.trim() !== "");
}

function wordsOf({ comment, suggestion }: Passage): string[] {
  return [comment, suggestion];
}

type Revision = Pick<OnDesk, "letter" | "arrangement" | "author" | "rev" | "statement">;

/** A draft beside the letter: like any draft, nobody but its writer can open it. */
export function asDraft(desk: Revision, work: Work, savedAt: string): Draft {
  const { letter, arrangement, author, rev, statement } = desk;
  const before = { letter, rev, statement };
  return { letter, arrangement, membership: author, text: JSON.stringify(work), before, savedAt };
}

/** The work in a draft; null for a draft of anything else. */
export function ofDraft({ text }: Draft): Work | null {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return null;
  }
  return typeof kept === "object" && kept !== null && "ticks" in kept ? readWork({ ...kept }) : null;
}

function readWork(kept: Readonly<Record<string, unknown>>): Work {
  const words = (name: string): string => {
    const value = kept[name];
    return typeof value === "string" ? value : "";
  };
  const reason = (name: string): Reason | null => {
    const code = words(name);
    return isReason(code) ? code : null;
  };
  const { ticks, passages } = kept;
  return {
    ticks: UNTOUCHED.ticks.map((_, point) => Array.isArray(ticks) && ticks[point] === true),
    note: words("note"),
    passages: Array.isArray(passages) ? passages.flatMap(readPassage) : [],
    changeReason: reason("changeReason"),
    keepReason: reason("keepReason"),
    forColleague: words("forColleague"),
    question: words("question"),
    skipped: words("skipped"),
  };
}

function readPassage(kept: unknown): Passage[] {
  if (typeof kept !== "object" || kept === null) return [];
  const { passage, comment, suggestion } = { passage: "", comment: "", suggestion: "", ...kept };
  const isWords = [passage, comment, suggestion].every((each) => typeof each === "string");
  return isWords ? [{ passage, comment, suggestion }] : [];
}

/** What was kept of the work on this very revision. */
export async function keptWork(keys: Keys, desk: OnDesk): Promise<Work | null> {
  const drafts = await listDrafts(keys);
  const draft = drafts.find(({ before }) => before?.statement === desk.statement);
  return draft === undefined ? null : ofDraft(draft);
}

/** Throws away notes on letters that have left the desk: somebody else decided on them. */
export async function dropStaleWork(keys: Keys, waiting: readonly WaitingLetter[]): Promise<void> {
  const current = new Set(waiting.map(({ statement }) => statement));
  for (const draft of await listDrafts(keys)) {
    const isStale = draft.before !== null && !current.has(draft.before.statement);
    if (isStale && ofDraft(draft) !== null) await deleteDraft(draft.letter);
  }
}

/** Nobody else writes these: what another tab of the same person kept gives way. */
export async function keepWork(keys: Keys, desk: OnDesk, work: Work): Promise<void> {
  const draft = asDraft(desk, work, new Date().toISOString());
  try {
    await saveDraft(keys, draft);
  } catch (problem) {
    if (!(problem instanceof Elsewhere)) throw problem;
    await saveDraft(keys, draft);
  }
}

/** Once the letter is decided. */
export async function forgetWork(letter: string): Promise<void> {
  await deleteDraft(letter);
}
