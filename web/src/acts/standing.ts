/** How an arrangement stands: its governing version and its team's key, verified from the root. */

import { get } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import type { Ledger, Proof, Seen } from "../seal/index.ts";
import { Missing } from "./errors.ts";
import { type LogSeen, newerLog, since, trust, type Verified, verified } from "./statements.ts";

export interface Place {
  readonly membership: string;
  readonly side: string;
  /** Certificate, or "" while on paper. */
  readonly certificate: string;
  readonly read: boolean;
  readonly write: boolean;
}

/** What letters and messages to the team are sealed to. */
export interface TeamKey {
  /** The epoch's statement. */
  readonly statement: string;
  readonly reviewKey: string;
  readonly archiveKey: string;
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
  /** Null before the team has its first key. */
  readonly epoch: TeamKey | null;
  readonly notifierKey: string;
  readonly archiveKey: string;
  /** The sealed files as the server sent them; their hashes are checked where they are opened. */
  readonly files: {
    readonly plan: string | null;
    readonly notes: string | null;
    readonly cards: readonly Api.CardFile[];
  };
  readonly ledger: Ledger;
  readonly proof: Proof;
  readonly log: LogSeen;
}

/** Refuses (Untrusted) whatever does not verify, and a version older than one seen before. */
export async function standing(keys: Keys, arrangement: string): Promise<Standing> {
  const { pins } = keys;
  const whole = await get<Api.WholeArrangement>(since(pins, `/api/arrangements/${arrangement}`));
  const found = standingIn(verified(keys, whole.proof, pins), whole.proof, arrangement);
  const pinned = keys.pins.arrangements.find((pin) => pin.arrangement === arrangement);
  trust(found.n === whole.n && found.n >= (pinned?.n ?? 0), "older-arrangement");
  trust(found.n !== pinned?.n || found.statement === pinned.statement, "other-arrangement");
  const { plan = null, notes = null, cards } = whole;
  return { ...found, files: { plan, notes, cards } };
}

function standingIn({ ledger, log }: Verified, proof: Proof, arrangement: string): Standing {
  const version = ledger.governingArrangement(arrangement);
  const agency = ledger.agency();
  trust(version !== undefined && agency !== null, "missing-statement");
  const { body, id } = version;
  const epoch = ledger.epoch(body.team);
  return {
    realm: ledger.realm,
    arrangement,
    statement: id,
    n: body.n,
    team: body.team,
    reviewers: body.reviewers,
    members: body.members.map(({ cert_id: certificate, ...rest }) => ({ ...rest, certificate })),
    planHash: body.plan_hash,
    notesHash: body.notes_hash,
    epoch:
      epoch === undefined
        ? null
        : { statement: epoch.id, reviewKey: epoch.body.review_key, archiveKey: epoch.body.archive_key },
    notifierKey: agency.body.notifier_key,
    archiveKey: agency.body.archive_key,
    files: { plan: null, notes: null, cards: [] },
    ledger,
    proof,
    log,
  };
}

/** The team's key, without which nothing can be sealed to it. */
export function teamKey({ epoch }: Standing): TeamKey {
  if (epoch === null) throw new Missing("the team's key");
  return epoch;
}

/** Everybody on the other sides who may receive letters, in the order of statements. */
export function readersFor({ members }: Standing, membership: string): string[] {
  const mine = members.find((each) => each.membership === membership);
  if (mine === undefined) throw new Missing("a place in it");
  return members.filter(({ side, read }) => side !== mine.side && read).map((each) => each.membership);
}

/** What is remembered of an arrangement. */
type Pinned = Pick<Standing, "arrangement" | "n" | "statement" | "log">;

/** Keeps how arrangements stand now, and the log: no server can go back behind it. Forward only. */
export async function pin(keys: Keys, standings: readonly Pinned[]): Promise<void> {
  await keys.keep((bundle) => {
    const newer = standings.filter(
      ({ arrangement, n }) =>
        !bundle.pins.arrangements.some((it) => it.arrangement === arrangement && it.n >= n),
    );
    const seen = standings.reduce<Seen>((kept, each) => newerLog(bundle.pins, each.log, kept), bundle.pins);
    if (newer.length === 0 && seen === bundle.pins) return bundle;
    const others = bundle.pins.arrangements.filter(
      (it) => !newer.some(({ arrangement }) => arrangement === it.arrangement),
    );
    const pins = newer.map(({ arrangement, n, statement }) => ({ arrangement, n, statement }));
    const arrangements = [...others, ...pins];
    return { ...bundle, pins: { ...bundle.pins, ...seen, arrangements } };
  });
}
