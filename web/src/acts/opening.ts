/** Opening the letterbox: making the keys of an account, and opening them ever after. */

import { ApiProblem, del, get, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import { Keys } from "../keys.ts";
import { ask, base64, normaliseWords, random, Refusal, unbase64 } from "../seal/index.ts";
import { deviceKey, forgetDeviceKeys, keepDeviceKey } from "../store.ts";
import * as device from "./device.ts";
import { Missing, Untrusted, WrongWords } from "./errors.ts";
import * as passkey from "./passkey.ts";
import { objectToReplacements } from "./replacements.ts";
import { type Session, unless } from "./session.ts";
import { openWrap, sealWrap } from "./slow.ts";
import { opened } from "./statements.ts";

export { PasskeyRefused, WrongWords } from "./errors.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Generated words for a card: four for families, six for staff. The list is fetched only now. */
export async function makeWords(count: 4 | 6): Promise<string[]> {
  const { generateWords } = await import("../seal/words.ts");
  return generateWords(count);
}

/** Gives a new account its keys under these words, and proves the session. */
export async function makeKeys(session: Session, words: readonly string[]): Promise<Keys> {
  const keys = Keys.make(session.account, random(32));
  const wrap = await wordsWrap(keys, words);
  const account: Api.NewAccount = { ...(await keys.forNewAccount()), wraps: [wrap] };
  await post<Api.Created>("/api/account", account);
  await prove(keys);
  return keys;
}

/** Throws WrongWords, or ApiProblem 429 with `retryAfter` when there were too many tries. */
export async function openWithWords(session: Session, typed: string): Promise<Keys> {
  const words = normaliseWords(typed);
  if (words === "") throw new WrongWords();
  const account = await get<Api.Account>("/api/account");
  // The newest: replaced words are taken out of use, but another device may be doing so just now.
  const wrap = account.wraps.filter(({ kind }) => kind === "words").pop();
  if (wrap === undefined) throw new Missing("a words wrap");
  const { output } = await gate(words, wrap.gate_version ?? undefined);
  const keys = await openWith(session, account, async () => {
    try {
      return await openWrap(unbase64(wrap.sealed), words, output);
    } catch (error) {
      if (error instanceof Refusal && error.code === "cannot-open") throw new WrongWords();
      throw error;
    }
  });
  // The same words under the gate's newest key, so that one day nobody needs the one before.
  if (wrap.gate_version !== account.gate_version) changeWords(keys, [words]).catch(() => undefined);
  return keys;
}

/** Throws PasskeyRefused. */
export async function openWithPasskey(session: Session): Promise<Keys> {
  const account = await get<Api.Account>("/api/account");
  const wraps = sealedOf(account, "passkey");
  return openWith(session, account, () => passkey.open(session.account, wraps));
}

/** Null when this device keeps nothing that opens it. */
export async function openWithDevice(session: Session): Promise<Keys | null> {
  const kept = await deviceKey(session.account);
  if (kept === null) return null;
  const account = await get<Api.Account>("/api/account");
  const wrap = account.wraps.find((each) => each.wrap === kept.wrap);
  if (wrap === undefined) return null;
  return openWith(session, account, () => device.open(kept.key, session.account, unbase64(wrap.sealed)));
}

/** `device` is about this very device. */
export async function waysToOpen(): Promise<{ words: boolean; passkey: boolean; device: boolean }> {
  const { account, wraps } = await get<Api.Account>("/api/account");
  const kept = await deviceKey(account);
  return {
    words: wraps.some(({ kind }) => kind === "words"),
    passkey: wraps.some(({ kind }) => kind === "passkey"),
    device: wraps.some(({ wrap }) => wrap === kept?.wrap),
  };
}

export const canUsePasskey = passkey.canBeUsed;

/**
 * Counts only after a second, fresh question to the authenticator has opened it. `name` is what the
 * phone shows beside it. Throws PasskeyRefused.
 */
export async function addPasskey(keys: Keys, name = "Postern"): Promise<void> {
  const isKey = (again: Bytes): boolean => keys.isKey(again);
  const sealed = await keys.wrap((key) => passkey.seal(keys.account, key, name, isKey));
  await post<Api.NewWrapId>("/api/account/wraps", { kind: "passkey", sealed: base64(sealed) });
}

/** Takes every passkey of the account out of use. */
export async function removePasskeys(): Promise<void> {
  const { wraps } = await get<Api.Account>("/api/account");
  await remove(wraps.filter(({ kind }) => kind === "passkey").map(({ wrap }) => wrap));
}

/** False when this browser keeps nothing (a private window). */
export async function rememberDevice(keys: Keys): Promise<boolean> {
  const own = await device.makeKey();
  const before = await deviceKey(keys.account);
  const { wraps } = await get<Api.Account>("/api/account");
  const sealed = await keys.wrap((key) => device.seal(own, keys.account, key));
  const made = await post<Api.NewWrapId>("/api/account/wraps", { kind: "device", sealed: base64(sealed) });
  const isKept = await keepDeviceKey({ account: keys.account, key: own, wrap: made.wrap });
  // What nothing opens any more helps nobody.
  const useless = isKept ? before?.wrap : made.wrap;
  await remove([...wraps.map(({ wrap }) => wrap), made.wrap].filter((wrap) => wrap === useless));
  return isKept;
}

/** The key goes first: the wrap is worth nothing without it, even if the server cannot be reached. */
export async function forgetDevice(): Promise<void> {
  const { account, wraps } = await get<Api.Account>("/api/account");
  const kept = await deviceKey(account);
  await forgetDeviceKeys();
  await remove(wraps.map(({ wrap }) => wrap).filter((wrap) => wrap === kept?.wrap));
}

/** New words take the place of the old, which stop opening it. */
export async function changeWords(keys: Keys, words: readonly string[]): Promise<void> {
  const { wraps } = await get<Api.Account>("/api/account");
  await post<Api.NewWrapId>("/api/account/wraps", await wordsWrap(keys, words));
  await remove(wraps.filter(({ kind }) => kind === "words").map(({ wrap }) => wrap));
}

/** Asks the agency for help: the words are lost. Works before the letterbox is open. */
export async function askForNewWords(): Promise<void> {
  await post("/api/words-requests");
}

/** When they were asked for, if they were. */
export async function newWordsAsked(): Promise<string | null> {
  const asked = await unless(404, get<Api.WordsRequest>("/api/words-requests/mine"));
  return asked?.asked_at ?? null;
}

/** Opens the bundle with what `reveal` gives, and proves to the server that it was opened. */
async function openWith(session: Session, account: Api.Account, reveal: () => Promise<Bytes>): Promise<Keys> {
  if (account.account !== session.account) throw new Untrusted("other-account");
  const { bundle } = account;
  if (!bundle) throw new Missing("a key bundle");
  const keys = await Keys.open(session.account, await opened(reveal()), bundle);
  try {
    await prove(keys);
    await objectToReplacements(keys);
    return keys;
  } catch (error) {
    keys.wipe();
    throw error;
  }
}

async function prove(keys: Keys): Promise<void> {
  const { challenge } = await post<Api.Challenge>("/api/session/challenge");
  await post("/api/session/proof", { signature: base64(keys.answer(unbase64(challenge))) });
}

async function wordsWrap(keys: Keys, words: readonly string[]): Promise<Api.WrapBody> {
  const typed = normaliseWords(words.join(" "));
  const { output, version } = await gate(typed);
  const sealed = await keys.wrap((key) => sealWrap(key, typed, output));
  return { kind: "words", sealed: base64(sealed), gate_version: version };
}

/** One question to the gate; of a new wrap without a version, which is the newest. */
async function gate(words: string, version?: number): Promise<{ output: Bytes; version: number }> {
  const request = ask(words);
  const question: Api.Question = {
    blinded: base64(request.blinded),
    ...(version === undefined ? {} : { version }),
  };
  const answer = await post<Api.Evaluated>("/api/gate", question);
  const output = await opened(Promise.resolve().then(() => request.finish(unbase64(answer.evaluated))));
  return { output, version: answer.version };
}

function sealedOf({ wraps }: Api.Account, kind: string): Bytes[] {
  return wraps.filter((wrap) => wrap.kind === kind).map(({ sealed }) => unbase64(sealed));
}

/** One after another; another device may have removed some meanwhile. */
async function remove(wraps: readonly string[]): Promise<void> {
  for (const wrap of wraps) {
    try {
      await del(`/api/account/wraps/${wrap}`);
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 404)) throw error;
    }
  }
}
