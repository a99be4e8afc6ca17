/** Letters as their writers and readers have them. */

import { get, listAll, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import {
  CheckFailed,
  hash,
  isOf,
  type Opened as Verified,
  type Part,
  type Proof,
  type Seen,
} from "../seal/index.ts";
import { CannotOpen } from "./errors.ts";
import type { Letterbox } from "./letterbox.ts";
import { textOf } from "./sealing.ts";
import { bytes, pinLog, since } from "./statements.ts";

export { CannotOpen } from "./errors.ts";
export { myMessages, reportCannotOpen, tellTeam } from "./messages.ts";

export interface Receipt {
  readonly phrase: "thanks" | "will-write";
  readonly at: string;
  readonly statement: string;
}

export type Letter = Api.Letter & { readonly receipt?: Receipt | null };
type Whole = Api.WholeLetter & { readonly receipt?: Receipt | null };
export type Decision = Api.Decision;
export type Opening = Api.Opening;
export type OpeningOfLetter = Api.Opening;

/** What staff wrote beside a decision, to this person. */
export interface Remark {
  readonly kind: "comment" | "note";
  /** The decision it came with. */
  readonly decision: string;
  readonly text: string;
}

/** A letter that passed every check. */
export interface Opened {
  readonly letter: Letter;
  readonly parts: readonly Part[];
  /** All its text. */
  readonly text: string;
  readonly remarks: readonly Remark[];
  /** The `submit` of the revision before; `""` for the first. */
  readonly prev: string;
  /** Those that the letter's verified history holds; date, name and reason are the server's word. */
  readonly decisions: readonly Decision[];
}

export interface LetterMeta {
  readonly words: number;
  readonly photos: number;
  /** A note from staff to this reader. */
  readonly note: string | null;
}

/** Newest first, both directions, every letterbox. */
export function listLetters(): Promise<Letter[]> {
  return listAll<Letter>("/api/letters");
}

/** One of them; ApiProblem 404 when it is not theirs. Nothing is opened. */
export async function findLetter(letter: string): Promise<Letter> {
  const { ciphertext: _, grant: __, attachments: ___, ...found } = await get<Whole>(`/api/letters/${letter}`);
  return found;
}

/** Throws CannotOpen. */
export async function readLetter(keys: Keys, letterbox: Letterbox, letter: string): Promise<Opened> {
  const path = `/api/letters/${letter}`;
  const before = keys.pins;
  const [whole, proof, decided] = await Promise.all([
    get<Whole>(path),
    get<Proof>(since(before, `${path}/proof`)),
    decisions(letter),
  ]);
  const { ciphertext, grant, attachments, ...found } = whole;
  return opening(async () => {
    const sealed = {
      ciphertext: bytes(ciphertext, "the letter itself"),
      grant: bytes(grant, "the letter itself"),
    };
    const { membership } = letterbox;
    const verified =
      whole.author === membership
        ? await keys.openOwn(membership, before, proof, whole.statement, sealed)
        : await keys.openDelivered(membership, before, proof, whole.statement, sealed);
    const submit = verified.ledger.submit(whole.statement)?.body;
    if (submit?.letter !== letter || submit.arrangement !== letterbox.arrangement) {
      throw new CannotOpen("submit", "other-letter");
    }
    // The letter does not wait for that, and opens without: whatever fails is made good by the next.
    pinLog(keys, { before, now: verified.seen }).catch(() => undefined);
    const remarks: Remark[] = [];
    for (const each of attachments) remarks.push(await readRemark(keys, membership, before, proof, each));
    return {
      letter: found,
      parts: verified.parts,
      text: textOf(verified.parts),
      remarks,
      prev: submit.prev,
      decisions: decided.filter((each) => isVerified(verified, each)),
    };
  });
}

async function readRemark(
  keys: Keys,
  membership: string,
  before: Seen,
  proof: Proof,
  { decision, ciphertext, grant }: Api.Attachment,
): Promise<Remark> {
  const sealed = { ciphertext: bytes(ciphertext, "a comment"), grant: bytes(grant, "a comment") };
  const ctHash = hash(sealed.ciphertext);
  const { parts, ledger } = await keys.openAttached(membership, before, proof, decision, ctHash, sealed);
  const statement = ledger.statement(decision);
  const attached =
    statement !== undefined && isOf(statement, "decision")
      ? statement.body.attached.find((each) => each.ct_hash === ctHash)
      : undefined;
  // What is to a member is a comment to the writer or a note to a reader: the ledger knows which.
  const kind = attached?.kind === "comment" ? "comment" : "note";
  return { kind, decision, text: textOf(parts) };
}

function isVerified({ ledger }: Verified, { statement, outcome, submit }: Decision): boolean {
  const found = ledger.statement(statement);
  return (
    found !== undefined &&
    isOf(found, "decision") &&
    found.body.outcome === outcome &&
    found.body.submit_id === submit
  );
}

/** A failed check by its name, whatever failed; problems and the network keep theirs. */
export async function opening<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof CheckFailed ? new CannotOpen(error.check, error.code) : error;
  }
}

/** For the page before the letter: opened here, nothing of it shown. Throws CannotOpen. */
export async function letterMeta(keys: Keys, letterbox: Letterbox, letter: string): Promise<LetterMeta> {
  const { parts, text, remarks } = await readLetter(keys, letterbox, letter);
  return {
    words: countWords(text),
    photos: parts.filter(({ type }) => type !== "text/plain").length,
    note: remarks.find(({ kind }) => kind === "note")?.text ?? null,
  };
}

/** As a person counts them: runs of letters and digits. */
export function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu)?.length ?? 0;
}

export function decisions(letter: string): Promise<Decision[]> {
  return get<Decision[]>(`/api/letters/${letter}/decisions`);
}

export function openings(letter: string): Promise<Opening[]> {
  return get<Opening[]>(`/api/letters/${letter}/openings`);
}

/** Every opening of the person's letters, sent and received, newest first. */
export function allOpenings(): Promise<Opening[]> {
  return listAll<Opening>("/api/openings");
}

/** Until it is opened for checking; ApiProblem 409 after. */
export async function withdraw(keys: Keys, { membership }: Letterbox, letter: Letter): Promise<void> {
  const fields = { letter: letter.letter, submit_id: letter.statement };
  const statement = keys.sign({ membership }, "withdraw", fields);
  await post(`/api/letters/${letter.letter}/withdraw`, { statement });
}

/** Thanks, in one of two phrases; nothing else of this reader goes back. */
export async function sendReceipt(
  keys: Keys,
  { membership }: Letterbox,
  letter: Letter,
  phrase: Receipt["phrase"],
): Promise<void> {
  const statement = keys.sign({ membership }, "receipt", { submit_id: letter.statement, phrase });
  await post(`/api/letters/${letter.letter}/receipts`, { statement });
}
