/** Statements as the server holds them, and folding what it sends to the pinned root. */

import { get } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import {
  type Body,
  type Envelope,
  isOf,
  type Kind,
  Ledger,
  type Proof,
  readEnvelope,
  Refusal,
  requireLogged,
  type Seen,
  type Statement,
  unbase64,
} from "../seal/index.ts";
import { Missing, Untrusted } from "./errors.ts";

/** The log and the agency's keys as they were seen, and what that was shown to have grown from. */
export interface LogSeen {
  readonly before: Seen;
  readonly now: Seen;
}

/** A ledger all of which is in the log. */
export interface Verified {
  readonly ledger: Ledger;
  readonly log: LogSeen;
}

/** A path with what was seen of the log, to which the answer's proof is then held. */
export function since({ log }: Seen, path: string): string {
  return `${path}?seen=${log.size}`;
}

/**
 * Folds a proof to the agency this person joined, and holds it against the log, in which every
 * statement of it must be. `before` are the pins that were asked with: the bundle's own may have
 * moved meanwhile.
 */
export function verified(keys: Keys, proof: Proof, before: Seen): Verified {
  return trusted(() => {
    const ledger = Ledger.fold(keys.realm, proof);
    return { ledger, log: { before, now: requireLogged(ledger, proof.log, before, "") } };
  });
}

/**
 * What is to be pinned: the later of two, and of what was not shown to grow from the pin (another
 * device has moved it meanwhile) none.
 */
export function newerLog({ log }: Seen, { before, now }: LogSeen, kept: Seen): Seen {
  const isHeld = before.log.size === log.size && before.log.root === log.root;
  return isHeld && now.log.size > kept.log.size ? now : kept;
}

/** Keeps how far the log was seen: no server can go back behind it. */
export function pinLog(keys: Keys, seen: LogSeen): Promise<void> {
  return keys.keep((bundle) => {
    const { pins } = bundle;
    const now = newerLog(pins, seen, pins);
    return now === pins ? bundle : { ...bundle, pins: { ...pins, ...now } };
  });
}

/** Runs a check: what it refuses is not to be trusted. */
export function trusted<T>(check: () => T): T {
  try {
    return check();
  } catch (cause) {
    throw untrusted(cause);
  }
}

/** Opening what the server sent. */
export async function opened<T>(opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (cause) {
    throw untrusted(cause);
  }
}

function untrusted(cause: unknown): unknown {
  return cause instanceof Refusal ? new Untrusted(cause.code, { cause }) : cause;
}

/** Refuses what does not verify. */
export function trust(condition: boolean, code: string): asserts condition {
  if (!condition) throw new Untrusted(code);
}

/** Sealed bytes that must be there. */
export function bytes(encoded: string | null | undefined, what: string): Uint8Array<ArrayBuffer> {
  if (!encoded) throw new Missing(what);
  return trusted(() => unbase64(encoded));
}

/** A statement by its id, which is computed anew from the bytes. Its signature is the caller's to check. */
export async function statement(
  id: string,
): Promise<{ readonly envelope: Envelope; readonly held: Api.Statement }> {
  const held = await get<Api.Statement>(`/api/statements/${id}`);
  const { statement: read } = trusted(() => readEnvelope(held.envelope));
  trust(read.id === id, "other-statement");
  return { envelope: held.envelope, held };
}

/** An envelope's body, which must be of one kind. */
export function bodyOf<K extends Kind>(
  envelope: Envelope,
  kind: K,
): Statement<K> & { readonly body: Body<K> } {
  const { statement: read } = trusted(() => readEnvelope(envelope));
  trust(isOf(read, kind), "wrong-kind");
  return read;
}
