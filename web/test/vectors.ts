/** The schema of our own vector files (tests/vectors/postern), the same from Rust and TypeScript. */

import type { Contact } from "../src/seal/contact.ts";
import type { DocumentHead } from "../src/seal/document.ts";
import { type Envelope, idOf } from "../src/seal/envelope.ts";
import type { GrantContext } from "../src/seal/grant.ts";
import type { Context, Part } from "../src/seal/letter.ts";
import type { Kind } from "../src/seal/statement.ts";
import type { Held } from "./held.ts";
import type { History } from "./histories.ts";

/** Binary is padded base64; keys, ids and hashes are lowercase hex; texts are themselves. */
export interface Vectors {
  statements: { kind: Kind; seeds: string[]; body: string; id: string; envelope: Envelope };
  letters: {
    identity: string;
    file: string;
    context: Context;
    parts: { type: Part["type"]; base64: string }[];
    key_hash: string;
  };
  grants: { identity: string; file: string; key: string } & GrantContext;
  documents: { identities: string[]; file: string; body: string } & DocumentHead;
  contacts: { identity: string; file: string; contact: Contact };
  epoch_wraps: { identity: string; file: string; realm: string; team: string; n: number; secret: string };
  bundles: { key: string; account: string; version: number; sealed: string; plain: string };
  drafts: { key: string; letter: string; sealed: string; plain: string };
  wraps: { words: string; gate_key: string; sealed: string; key: string };
  invites: {
    code: string;
    locator: string;
    sign_seed: string;
    public: string;
    root_key: string;
    root_tag: string;
  };
  proof_keys: { key: string; account: string; public: string; challenge: string; signature: string };
  log: {
    leaves: { salt: string; id: string }[];
    root: string;
    checkpoint: string;
    origin: string;
    public: string;
    /** One a leaf, in order: the sibling hashes from the bottom up. */
    inclusion: string[][];
    /** The proofs from every earlier size, 1 and up. */
    consistency: string[][];
  };
  /** The exact JSON of envelopes, and the code they are refused with. */
  malformed: { name: string; envelope: string; code: string };
  /** Proofs held against the log. */
  held: Held;
  /** A statement that an earlier one of the file has spelled out is named by its id. */
  ledgers: Omit<History, "statements"> & { statements: (Envelope | string)[] };
}

/** Names what was spelled out before: histories share most statements. */
export function foldRepeats(histories: readonly History[]): Vectors["ledgers"][] {
  const spelled = new Map<string, string>();
  const fold = (envelope: Envelope): Envelope | string => {
    const [id, json] = [idOrNone(envelope), JSON.stringify(envelope)];
    // The same statement under another signature must be spelled out, and again afterwards.
    if (id === null || spelled.get(id) === json) return id ?? envelope;
    spelled.set(id, json);
    return envelope;
  };
  return histories.map((history) => ({ ...history, statements: history.statements.map(fold) }));
}

/** Spells everything out. */
export function unfoldRepeats(histories: readonly Vectors["ledgers"][]): History[] {
  const spelled = new Map<string, Envelope>();
  const unfold = (entry: Envelope | string): Envelope => {
    if (typeof entry === "string") return spelled.get(entry) as Envelope;
    const id = idOrNone(entry);
    if (id !== null) spelled.set(id, entry);
    return entry;
  };
  return histories.map((history) => ({ ...history, statements: history.statements.map(unfold) }));
}

/** The id of an envelope that can be read at all. */
function idOrNone(envelope: Envelope): string | null {
  try {
    return idOf(envelope);
  } catch {
    return null;
  }
}
