/** How an arrangement stands: its governing version and its team's key, verified from the root. */

import type { Keys } from "../keys.ts";
import type { Ledger } from "../seal/index.ts";

export interface Place {
  readonly membership: string;
  readonly side: string;
  /** Certificate, or "" while on paper. */
  readonly certificate: string;
  readonly read: boolean;
  readonly write: boolean;
}

export interface Standing {
  readonly realm: string;
  readonly arrangement: string;
  /** The governing version's statement. */
  readonly statement: string;
  readonly n: number;
  readonly team: string;
  /** How many persons must agree to deliver. */
  readonly reviewers: number;
  readonly members: readonly Place[];
  readonly planHash: string;
  readonly notesHash: string;
  /** The team's newest key. */
  readonly epoch: { readonly statement: string; readonly reviewKey: string; readonly archiveKey: string } | null;
  readonly notifierKey: string;
  /** The sealed files as the server sent them; their hashes are checked where they are opened. */
  readonly files: { readonly plan: string | null; readonly notes: string | null };
  readonly ledger: Ledger;
}

/** Refuses (Untrusted) whatever does not verify, and a version older than one seen before. */
export function standing(_keys: Keys, _arrangement: string): Promise<Standing> { throw new Error("soon"); }
/** Everybody on the other sides who may receive letters, in the order of statements. */
export function readersFor(_standing: Standing, _membership: string): string[] { throw new Error("soon"); }
