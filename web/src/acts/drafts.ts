/**
 * Drafts: sealed, kept on the device at once and on the server as soon as it can be reached. Of two
 * devices, or two tabs, neither overwrites the other unasked.
 */

import { ApiProblem, del, listAll, Offline, put } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { base64, hash, newId, unbase64 } from "../seal/index.ts";
import { type DeviceDraft, deviceDraft, deviceDrafts, dropDeviceDraft, keepDeviceDraft } from "../store.ts";
import type { MessagesChoice } from "./contacts.ts";
import {
  type Content,
  type Draft,
  type LetterContent,
  openContent,
  type Reading,
  sealContent,
} from "./draft_content.ts";
import { Untrusted } from "./errors.ts";
import { bytes } from "./statements.ts";

export type { MessagesChoice } from "./contacts.ts";
export type { Draft, Reading } from "./draft_content.ts";

type Bytes = Uint8Array<ArrayBuffer>;
/** Where a draft is kept now: `memory` means nowhere but on the page. */
export type Where = "server" | "device" | "memory";

/** Another device, or another tab, has saved a newer version. Theirs is null if it was taken away. */
export class Elsewhere extends Error {
  override readonly name = "Elsewhere";

  constructor(readonly theirs: Draft | null) {
    super("saved elsewhere");
  }
}

/**
 * What the page has of each draft: the server's version its text follows, and the stamp of what it
 * last saw on the device. Only what was given to the page counts: it must not go over what it never saw.
 */
interface Seen {
  readonly version: number;
  readonly stamp: string;
}
const seen = new Map<string, Seen>();
const UNSEEN: Seen = { version: 0, stamp: "" };

/** A fresh id for a new letter. */
export const newLetter: () => string = newId;

/** Newest first; those only on this device too. What the server has not got yet is sent now. */
export async function listDrafts(keys: Keys): Promise<Draft[]> {
  const letters = (await listAllDrafts(keys)).flatMap((found) => {
    const { id, content } = found;
    if (content.kind !== "letter") return [];
    seen.set(id, found);
    return [draftOf(id, content)];
  });
  return letters.sort((a, b) => (a.savedAt < b.savedAt ? 1 : -1));
}

/**
 * Throws Elsewhere when another device or tab was first; saving again after that is over theirs.
 * Any other problem of the server's is thrown too, once the device has the draft.
 */
export function saveDraft(keys: Keys, draft: Draft): Promise<Where> {
  const { arrangement, membership, text, before, cursor = 0, savedAt: saved_at } = draft;
  const place = { v: 1, kind: "letter", arrangement, membership } as const;
  return save(keys, draft.letter, { ...place, text, before, cursor, saved_at });
}

/** Once it is handed in, or not wanted. */
export async function deleteDraft(letter: string): Promise<void> {
  seen.delete(letter);
  try {
    await del(`/api/drafts/${letter}`);
  } catch (error) {
    if (error instanceof Offline) return buryDraft(letter);
    if (!(error instanceof ApiProblem && error.status === 404)) throw error;
  }
  await dropDeviceDraft(letter);
}

/** F8's choice about messages, before there is a certificate to sign a contact point with. */
export async function keepMessages(keys: Keys, choice: MessagesChoice): Promise<Where> {
  const kept = await find(keys, "messages");
  const content: Content = { v: 1, kind: "messages", ...choice, avoid: [...choice.avoid], saved_at: now() };
  return save(keys, kept?.id ?? newId(), content);
}

export async function keptMessages(keys: Keys): Promise<MessagesChoice | null> {
  const content = (await find(keys, "messages"))?.content;
  if (content?.kind !== "messages") return null;
  const { channel, address, lang, avoid } = content;
  return { channel, address, lang, avoid };
}

/** Once the choice was set as a contact point. */
export async function forgetMessages(keys: Keys): Promise<void> {
  const kept = await find(keys, "messages");
  if (kept !== undefined) await deleteDraft(kept.id);
}

/** What this person has done with letters to them. */
export async function readings(keys: Keys): Promise<readonly Reading[]> {
  const content = (await find(keys, "later"))?.content;
  return content?.kind === "later" ? content.letters : [];
}

/** Notes what was done with one letter, beside what is noted of the others. */
export async function keepReading(keys: Keys, reading: Reading): Promise<Where> {
  try {
    return await keepReadingOnce(keys, reading);
  } catch (error) {
    // Another device noted something about another letter meanwhile: both stay.
    if (error instanceof Elsewhere) return keepReadingOnce(keys, reading);
    throw error;
  }
}

async function keepReadingOnce(keys: Keys, reading: Reading): Promise<Where> {
  const kept = await find(keys, "later");
  const noted = kept?.content.kind === "later" ? kept.content.letters : [];
  const letters = [...noted.filter(({ letter }) => letter !== reading.letter), reading];
  return save(keys, kept?.id ?? newId(), { v: 1, kind: "later", letters, saved_at: now() });
}

interface Found extends Seen {
  readonly id: string;
  readonly content: Content;
}

async function find(keys: Keys, kind: Content["kind"]): Promise<Found | undefined> {
  const found = (await listAllDrafts(keys)).find(({ content }) => content.kind === kind);
  if (found !== undefined) seen.set(found.id, found);
  return found;
}

const now = (): string => new Date().toISOString();

function draftOf(
  letter: string,
  { arrangement, membership, text, before, cursor, saved_at }: LetterContent,
): Draft {
  return { letter, arrangement, membership, text, before, cursor, savedAt: saved_at };
}

/** First on the device, then on the server. */
async function save(keys: Keys, id: string, content: Content): Promise<Where> {
  const sealed = await sealContent(keys, id, content);
  const { version, stamp } = seen.get(id) ?? UNSEEN;
  const record = recordOf(keys, id, version, sealed, content.saved_at);
  const isHere = await saveHere(keys, { ...record, isWaiting: true }, stamp);
  try {
    seen.set(id, await saveThere(keys, record, content));
    return "server";
  } catch (error) {
    if (error instanceof Offline) return isHere ? "device" : "memory";
    // The session is over or its keys are to be opened again: a later visit sends it.
    const isAway = error instanceof ApiProblem && (error.status === 401 || error.code === "restricted");
    if (isAway && isHere) return "device";
    throw error;
  }
}

/** As the device keeps it. Its stamp is the hash of what is sealed: one save, one stamp, in every tab. */
function recordOf(keys: Keys, letter: string, version: number, sealed: Bytes, savedAt: string): DeviceDraft {
  const { account } = keys;
  return {
    letter,
    account,
    version,
    isWaiting: false,
    isDeleted: false,
    stamp: hash(sealed),
    sealed,
    savedAt,
  };
}

/** False when this browser keeps nothing. Another tab's newer save throws Elsewhere. */
async function saveHere(keys: Keys, record: DeviceDraft, over: string): Promise<boolean> {
  const kept = await keepDeviceDraft(record, over);
  if (kept === "refused") return false;
  const { version, stamp } = kept === "kept" ? record : kept.other;
  seen.set(record.letter, { version, stamp });
  if (kept === "kept") return true;
  throw new Elsewhere(kept.other.isDeleted ? null : await theirsIn(keys, record.letter, kept.other.sealed));
}

/** By compare-and-set; what the page has seen then. Throws Elsewhere. */
async function saveThere(keys: Keys, record: DeviceDraft, content: Content): Promise<Seen> {
  const { letter: id, sealed, stamp } = record;
  const version = record.version + 1;
  try {
    await put(`/api/drafts/${id}`, { version, sealed: base64(sealed) });
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === "draft-changed")) throw error;
    return meetTheirs(keys, record, content, newestIn(error));
  }
  // If another tab has saved in this very moment, it stays: that tab will meet this version.
  await keepDeviceDraft({ ...record, version, isWaiting: false }, stamp);
  return { version, stamp };
}

/** The server has another version: the same text after a lost answer, or really another. */
async function meetTheirs(
  keys: Keys,
  record: DeviceDraft,
  mine: Content,
  newest: Newest | null,
): Promise<Seen> {
  const { letter: id, stamp } = record;
  seen.set(id, { version: newest?.version ?? 0, stamp });
  const theirs = newest === null ? null : await readable(keys, id, newest.sealed);
  if (newest === null || theirs === null) throw new Elsewhere(null);
  if (!isSame(mine, theirs)) throw new Elsewhere(theirs.kind === "letter" ? draftOf(id, theirs) : null);
  const settled = recordOf(keys, id, newest.version, newest.sealed, theirs.saved_at);
  await keepDeviceDraft(settled, stamp);
  return settled;
}

async function theirsIn(keys: Keys, id: string, sealed: Uint8Array): Promise<Draft | null> {
  const theirs = await readable(keys, id, sealed);
  return theirs?.kind === "letter" ? draftOf(id, theirs) : null;
}

/** Null for what does not open or is of another time: it stays where it is, and hides nothing else. */
async function readable(keys: Keys, id: string, sealed: Uint8Array): Promise<Content | null> {
  try {
    return await openContent(keys, id, sealed);
  } catch (error) {
    if (error instanceof Untrusted) return null;
    throw error;
  }
}

interface Newest {
  readonly version: number;
  readonly sealed: Bytes;
}

/** What a `draft-changed` problem says of the version that is there; null when there is none any more. */
export function newestIn({ members }: ApiProblem): Newest | null {
  const newest = members["newest"];
  if (typeof newest !== "object" || newest === null) return null;
  const { version, sealed }: { version?: unknown; sealed?: unknown } = newest;
  if (typeof version !== "number" || typeof sealed !== "string") return null;
  return { version, sealed: unbase64(sealed) };
}

/** Whether two say the same, whenever they were saved. */
export function isSame(mine: Content, theirs: Content): boolean {
  const words = (content: Content): string => JSON.stringify({ ...content, cursor: 0, saved_at: "" });
  return words(mine) === words(theirs);
}

/** Both places together: what waits here is newer than what it follows there. */
async function listAllDrafts(keys: Keys): Promise<Found[]> {
  const here = new Map((await deviceDrafts(keys.account)).map((each) => [each.letter, each]));
  const there = await fromServer();
  const found: (Found | null)[] = [];
  for (const { letter, version, sealed, saved_at } of there ?? []) {
    const mine = here.get(letter);
    here.delete(letter);
    if (mine?.isDeleted === true && mine.version === version) {
      await deleteDraft(letter);
    } else if (mine?.isWaiting === true) {
      found.push(await sendWaiting(keys, mine));
    } else {
      const record = recordOf(keys, letter, version, bytes(sealed, "the draft"), saved_at);
      if (mine?.version !== version) await keepDeviceDraft(record, mine?.stamp ?? "");
      found.push(await foundIn(keys, record));
    }
  }
  for (const mine of here.values()) {
    if (there !== null && !mine.isWaiting) {
      // Handed in or taken away on another device, or here.
      await dropDeviceDraft(mine.letter);
    } else if (there !== null) {
      // What it follows is gone: it is written anew.
      found.push(await sendWaiting(keys, { ...mine, version: 0 }));
    } else if (!mine.isDeleted) {
      found.push(await foundIn(keys, mine));
    }
  }
  return found.filter((each) => each !== null);
}

async function foundIn(keys: Keys, { letter, version, stamp, sealed }: DeviceDraft): Promise<Found | null> {
  const content = await readable(keys, letter, sealed);
  return content === null ? null : { id: letter, content, version, stamp };
}

/** Null when the server cannot be reached. */
async function fromServer(): Promise<Api.Draft[] | null> {
  try {
    return await listAll<Api.Draft>("/api/drafts");
  } catch (error) {
    if (error instanceof Offline) return null;
    throw error;
  }
}

/** What was written while there was no network. A conflict is met when its writer saves again. */
async function sendWaiting(keys: Keys, mine: DeviceDraft): Promise<Found | null> {
  const found = await foundIn(keys, mine);
  if (found === null) return null;
  const before = seen.get(mine.letter);
  try {
    return { ...found, ...(await saveThere(keys, mine, found.content)) };
  } catch (error) {
    if (!(error instanceof Elsewhere || error instanceof Offline || error instanceof ApiProblem)) throw error;
    // It still follows the old version, so that saving it meets theirs instead of going over it.
    if (before === undefined) seen.delete(mine.letter);
    else seen.set(mine.letter, before);
    return found;
  }
}

/** Taken away while there was no network: the server hears of it later. */
async function buryDraft(letter: string): Promise<void> {
  const here = await deviceDraft(letter);
  if (here === null) return;
  const buried = { ...here, isDeleted: true, isWaiting: false, stamp: "deleted", sealed: new Uint8Array() };
  await keepDeviceDraft(buried, here.stamp);
}
