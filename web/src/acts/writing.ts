/** Handing a letter in. It is sealed on this side of the connection, and never to its reader. */

import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import type { Letterbox } from "./letterbox.ts";

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

/** Handing in the same letter twice, after an answer that was lost, is the same as once. */
export function handIn(_keys: Keys, _letterbox: Letterbox, _written: Written): Promise<HandedIn> { throw new Error("soon"); }
