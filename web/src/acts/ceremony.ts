/** The agency's first set-up, in the first administrator's browser: the root is made here and never sent. */

import type { Keys } from "../keys.ts";

/** The agency's opened root. Holds the key; gives out signatures only. */
export class Root {}

/** What the ceremony leaves on paper. */
export interface Founding {
  readonly agency: string;
  /** What the operator pins in the worker's and the notifier's configuration. */
  readonly realm: string;
  /** The root under both custodians' words: to be saved and printed. */
  readonly rootFile: Uint8Array<ArrayBuffer>;
  readonly custodians: readonly [readonly string[], readonly string[]];
  /** The archive's identity: to the records office, and nowhere else. */
  readonly archive: string;
}

/** Whether the operator's one-time token is good; ApiProblem 404 if not. */
export function checkToken(_token: string): Promise<void> { throw new Error("soon"); }
/** Makes root, archive and both custodians' words. Nothing is sent yet: show and print first. */
export function prepareFounding(): Promise<Prepared> { throw new Error("soon"); }
export interface Prepared {
  readonly founding: Omit<Founding, "agency">;
}
/** Founds the agency; this person is its first administrator. Needs keys on the staff site. */
export function found(_keys: Keys, _prepared: Prepared, _token: string, _name: string): Promise<Founding> { throw new Error("soon"); }
/** Throws WrongWords. */
export function openRootFile(_file: Uint8Array, _first: string, _second: string): Promise<Root> { throw new Error("soon"); }
