/** Handing a letter in. It is sealed on this side of the connection, and never to its reader. */

import { ApiProblem, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { type Context, plainText } from "../seal/index.ts";
import { today } from "./clock.ts";
import type { Letterbox } from "./letterbox.ts";
import { readLetter } from "./letters.ts";
import { grant, lengthOf, sealForTeam, textPart } from "./sealing.ts";
import { readersFor, type Standing, standing, teamKey } from "./standing.ts";

export { CannotSend } from "./sealing.ts";

export type HandedIn = Api.HandedIn;

/** The revision that a new one takes the place of. */
export interface Before {
  readonly letter: string;
  readonly rev: number;
  /** Its `submit` statement. */
  readonly statement: string;
}

/** What is handed in: a draft is one. */
export interface Written {
  readonly letter: string;
  readonly text: string;
  readonly before: Before | null;
}

/** The plan or the team's key changed between looking and sending: sealing once more is enough. */
const CHANGED_MEANWHILE = ["stale-arrangement", "stale-epoch"];

/**
 * What was sealed here and has had no answer yet: the same bytes go again, and count once. Gone with
 * the keys.
 */
const unanswered = new WeakMap<Keys, Map<string, Sealed>>();

interface Sealed {
  readonly text: string;
  readonly letter: Api.NewLetter;
}

function unansweredOf(keys: Keys): Map<string, Sealed> {
  const found = unanswered.get(keys) ?? new Map<string, Sealed>();
  unanswered.set(keys, found);
  return found;
}

/**
 * Handing in the same letter twice, after an answer that was lost, is the same as once. Throws
 * CannotSend for text that cannot be sent.
 */
export async function handIn(keys: Keys, letterbox: Letterbox, written: Written): Promise<HandedIn> {
  const name = `${written.letter}/${rev(written)}`;
  const sealed = unansweredOf(keys).get(name);
  if (sealed?.text === written.text) {
    try {
      return await send(keys, name, sealed.letter);
    } catch (error) {
      // It rests on what has changed meanwhile, and was never taken: seal it anew below.
      if (!isOneOf(error, CHANGED_MEANWHILE)) throw error;
    }
  }
  const before = await standing(keys, letterbox.arrangement);
  try {
    return await sealAndSend(keys, before, letterbox.membership, written, name);
  } catch (error) {
    if (isOneOf(error, CHANGED_MEANWHILE)) {
      const now = await standing(keys, letterbox.arrangement);
      return sealAndSend(keys, now, letterbox.membership, written, name);
    }
    const there = isOneOf(error, ["wrong-revision"]) ? await alreadyThere(keys, letterbox, written) : null;
    if (there === null) throw error;
    return there;
  }
}

const rev = ({ before }: Written): number => (before === null ? 1 : before.rev + 1);

async function sealAndSend(
  keys: Keys,
  stands: Standing,
  membership: string,
  written: Written,
  name: string,
): Promise<HandedIn> {
  const letter = await sealAndSign(keys, stands, membership, written);
  unansweredOf(keys).set(name, { text: written.text, letter });
  return send(keys, name, letter);
}

async function send(keys: Keys, name: string, letter: Api.NewLetter): Promise<HandedIn> {
  try {
    const handedIn = await post<HandedIn>("/api/letters", letter);
    unansweredOf(keys).delete(name);
    return handedIn;
  } catch (error) {
    // An answer is an answer; only silence leaves the question open.
    if (error instanceof ApiProblem && error.status < 500) unansweredOf(keys).delete(name);
    throw error;
  }
}

/** Sealed to the team, the archive and the writer: the last checker seals it to its readers. */
async function sealAndSign(
  keys: Keys,
  stands: Standing,
  membership: string,
  written: Written,
): Promise<Api.NewLetter> {
  const { realm, arrangement } = stands;
  const team = teamKey(stands);
  const to = readersFor(stands, membership);
  const context: Context = {
    realm,
    letter: written.letter,
    rev: rev(written),
    kind: "letter",
    arrangement,
    author: membership,
    to,
  };
  const parts = [textPart(written.text)];
  const { sealed, hash, ciphertext, epoch, archive } = await sealForTeam(context, parts, team);
  const own = await grant(context, sealed, membership, await keys.recipient({ membership }));
  const statement = keys.sign({ membership }, "submit", {
    letter: written.letter,
    rev: rev(written),
    prev: written.before?.statement ?? "",
    arrangement,
    arrangement_id: stands.statement,
    author: membership,
    to,
    ct_hash: hash,
    ct_len: lengthOf(sealed.file),
    key_hash: sealed.keyHash,
    team: stands.team,
    epoch_id: team.statement,
    grant_hash: epoch.hash,
    archive_grant_hash: archive.hash,
    self_grant_hash: own.hash,
    day: today(),
  });
  return {
    statement,
    ciphertext,
    grants: { epoch: epoch.encoded, archive: archive.encoded, self: own.encoded },
  };
}

/** This very revision with this very text was taken before, and the page forgot: it was loaded anew. */
async function alreadyThere(keys: Keys, letterbox: Letterbox, written: Written): Promise<HandedIn | null> {
  try {
    const { letter, text } = await readLetter(keys, letterbox, written.letter);
    if (letter.rev !== rev(written) || text !== plainText(written.text)) return null;
    const { statement, state, due_on } = letter;
    return { letter: letter.letter, statement, state, ...(due_on === undefined ? {} : { due_on }) };
  } catch {
    return null;
  }
}

function isOneOf(error: unknown, codes: readonly string[]): boolean {
  return error instanceof ApiProblem && codes.includes(error.code);
}
