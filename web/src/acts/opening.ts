/** Opening the letterbox: making the keys of an account, and opening them ever after. */

import type { Keys } from "../keys.ts";
import type { Session } from "./session.ts";

export { WrongWords } from "./errors.ts";

/** Generated words for a card: four for families, six for staff. The list is fetched only now. */
export function makeWords(_count: 4 | 6): Promise<string[]> { throw new Error("soon"); }
/** Gives a new account its keys under these words, and proves the session. */
export function makeKeys(_session: Session, _words: readonly string[]): Promise<Keys> { throw new Error("soon"); }
/** Throws WrongWords, or ApiProblem 429 with `retryAfter` when there were too many tries. */
export function openWithWords(_session: Session, _typed: string): Promise<Keys> { throw new Error("soon"); }
export function openWithPasskey(_session: Session): Promise<Keys> { throw new Error("soon"); }
/** Null when this device keeps nothing that opens it. */
export function openWithDevice(_session: Session): Promise<Keys | null> { throw new Error("soon"); }
/** `device` is about this very device. */
export function waysToOpen(): Promise<{ words: boolean; passkey: boolean; device: boolean }> { throw new Error("soon"); }
/** Counts only after a second, fresh question to the authenticator has opened it. */
export function addPasskey(_keys: Keys): Promise<void> { throw new Error("soon"); }
/** Takes every passkey of the account out of use. */
export function removePasskeys(): Promise<void> { throw new Error("soon"); }
/** False when this browser keeps nothing (private window). */
export function rememberDevice(_keys: Keys): Promise<boolean> { throw new Error("soon"); }
export function forgetDevice(): Promise<void> { throw new Error("soon"); }
export function canUsePasskey(): Promise<boolean> { throw new Error("soon"); }
/** New words take the place of the old, which stop opening it. */
export function changeWords(_keys: Keys, _words: readonly string[]): Promise<void> { throw new Error("soon"); }
/** Asks the agency for help: the words are lost. Works before the letterbox is open. */
export function askForNewWords(): Promise<void> { throw new Error("soon"); }
/** When they were asked for, if they were. */
export function newWordsAsked(): Promise<string | null> { throw new Error("soon"); }
