/** A letter opened on a checker's desk. Its key stays inside: it is given to readers, never shown. */

import { post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import {
  type Body,
  type Context,
  decisionChain,
  type Envelope,
  epochGrantee,
  hash,
  isOf,
  Ledger,
  nextStep,
  openForCheck,
  openGrant,
  openLetter,
  type Part,
  type Proof,
  requireStrictPart,
  type Seen,
  type Statement,
  waitsForKeys,
} from "../seal/index.ts";
import { epochSecret } from "./epochs.ts";
import { opening } from "./letters.ts";
import { type Grant, grant, lengthOf, sealForTeam, textOf, textPart } from "./sealing.ts";
import { pin } from "./standing.ts";
import { bytes, opened, since, trust, trusted, verified } from "./statements.ts";

export type Outcome = Body<"decision">["outcome"];
export type Why = Api.Why;

/** What a colleague wrote beside a decision: for the next checker (`team`), the writer or a reader. */
export interface TeamLine {
  readonly kind: "comment" | "note" | "team";
  /** The reader of a comment or note; null for the team's. */
  readonly to: string | null;
  readonly decision: string;
  readonly staff: string;
  readonly text: string;
}

export interface Decided {
  readonly statement: string;
  readonly outcome: Outcome;
  readonly staff: string;
  readonly step: number;
}

export interface Next {
  readonly step: number;
  readonly isFinal: boolean;
  readonly readers: readonly string[];
}

/** A letter opened on a checker's desk, everything about its writer verified. */
export interface OnDesk {
  readonly letter: string;
  /** Its `submit` statement. */
  readonly statement: string;
  readonly rev: number;
  readonly arrangement: string;
  readonly team: string;
  readonly author: string;
  readonly to: readonly string[];
  /** The day the writer's device gave. */
  readonly day: string;
  readonly parts: readonly Part[];
  readonly text: string;
  readonly lines: readonly TeamLine[];
  /** Decisions on this revision so far, in order. */
  readonly decided: readonly Decided[];
  /** Whether the plan still has letters from its writer: otherwise nobody can pass it on. */
  readonly authorMayWrite: boolean;
  /** Whether its arrangement has gone to another team, which has the plan. */
  readonly hasMoved: boolean;
  /** Whether somebody it is for has no keys in force: passed on, it waits until they have new ones. */
  readonly waitsForKeys: boolean;
  /** What a decision would be now: whether the last step, and who would then be given the letter. */
  next(outcome: Outcome): Next;
}

/** What sealing for somebody needs of a desk; kept apart, so that a page cannot hand it on. */
interface Inside {
  readonly ledger: Ledger;
  /** Throws Untrusted for a statement that the rules would refuse. */
  check(statement: Envelope): void;
  /** The log as it was seen with the letter: what a decision names. */
  readonly checkpoint: Seen["log"];
  readonly arrangementId: string;
  nextStep(outcome: Outcome): ReturnType<typeof nextStep>;
  grantTo(membership: string, certificate: string): Promise<Grant>;
  attach(
    remark: { readonly kind: "comment" | "note" | "team"; readonly to: string | null; readonly text: string },
    staff: string,
  ): Promise<{ entry: Body<"decision">["attached"][number]; files: Api.AttachedFiles }>;
}

const insides = new WeakMap<OnDesk, Inside>();

export function pick(desk: OnDesk): Inside {
  const inside = insides.get(desk);
  trust(inside !== undefined, "no-desk");
  return inside;
}

/** Goes on record first. Throws CannotOpen. */
export async function openOnDesk(keys: Keys, letter: string, why: Why): Promise<OnDesk> {
  const before = keys.pins;
  const answer = await post<Api.OpenedLetter>(since(before, `/api/checks/${letter}/open`), { why });
  const { ledger, log } = verified(keys, answer.proof, before);
  const submit = ledger.submit(answer.statement)?.body;
  trust(submit?.letter === letter, "other-letter");
  const version = governingVersion(keys, ledger, submit.arrangement);
  const secret = await epochSecret(keys, submit.team, submit.epoch_id);
  const sealed = {
    ciphertext: bytes(answer.ciphertext, "the letter itself"),
    grant: bytes(answer.grant, "the letter itself"),
  };
  const { parts } = await opening(() =>
    openForCheck(keys.realm, secret, answer.proof, answer.statement, sealed),
  );
  const grantee = epochGrantee(submit.epoch_id);
  const where = { realm: keys.realm, letter, rev: submit.rev, grantee };
  const identity = await opened(openGrant(sealed.grant, secret, where));
  const lines: TeamLine[] = [];
  for (const each of answer.attachments) lines.push(await readLine(ledger, each, secret));
  const desk: OnDesk = {
    letter,
    statement: answer.statement,
    rev: submit.rev,
    arrangement: submit.arrangement,
    team: submit.team,
    author: submit.author,
    to: submit.to,
    day: submit.day,
    parts,
    text: textOf(parts),
    lines,
    decided: decisionChain(ledger, answer.statement).map(({ id, body }) => ({
      statement: id,
      outcome: body.outcome,
      staff: staffOf(ledger, body.signer),
      step: body.step,
    })),
    authorMayWrite: version.body.members.some((each) => each.membership === submit.author && each.write),
    hasMoved: version.body.team !== submit.team,
    waitsForKeys: waitsForKeys(ledger, answer.statement),
    next(outcome) {
      const { step, isFinal, addressees } = trusted(() => nextStep(ledger, answer.statement, outcome));
      return { step, isFinal, readers: addressees.map(({ membership }) => membership) };
    },
  };
  await pin(keys, [{ arrangement: submit.arrangement, n: version.body.n, statement: version.id, log }]);
  insides.set(desk, insideOf(ledger, answer.proof, log.now.log, submit, answer.statement, identity));
  return desk;
}

/** The version that governs. An older one could name a reader who has since been taken out. */
export function governingVersion(keys: Keys, ledger: Ledger, arrangement: string): Statement<"arrangement"> {
  const pinned = keys.pins.arrangements.find((pin) => pin.arrangement === arrangement);
  const version = ledger.governingArrangement(arrangement);
  trust(version !== undefined && version.body.n >= (pinned?.n ?? 0), "older-arrangement");
  return version;
}

function insideOf(
  ledger: Ledger,
  proof: Proof,
  checkpoint: Seen["log"],
  submit: Body<"submit">,
  submitId: string,
  identity: string,
): Inside {
  const { realm, letter, rev, arrangement, author, to } = submit;
  const context: Context = { realm, letter, rev, kind: "letter", arrangement, author, to };
  const version = ledger.governingArrangement(arrangement);
  trust(version !== undefined, "missing-statement");
  const recipient = (certificate: string): string => {
    const found = ledger.certificate(certificate);
    trust(found !== undefined && ledger.isInForce(certificate), "revoked");
    return found.sealKey;
  };
  return {
    ledger,
    // On a ledger of its own: a decision can be undone, and another one made.
    check: (statement) => trusted(() => void Ledger.fold(realm, proof).admit(statement)),
    checkpoint,
    arrangementId: version.id,
    nextStep: (outcome) => trusted(() => nextStep(ledger, submitId, outcome)),
    grantTo: (membership, certificate) => grant(context, { identity }, membership, recipient(certificate)),
    async attach({ kind, to: reader, text }, staff) {
      const place = version.body.members.find(({ membership }) => membership === reader);
      const certificate = place?.cert_id ?? "";
      const isForWhomItMay = reader === null ? kind === "team" : kind !== "team" && certificate !== "";
      trust(isForWhomItMay, "wrong-attachment");
      const inner: Context = { ...context, kind, author: staff, to: reader === null ? [] : [reader] };
      const team = epochOf(ledger, submit.epoch_id);
      const made = await sealForTeam(inner, [textPart(text)], team);
      const own = reader === null ? null : await grant(inner, made.sealed, reader, recipient(certificate));
      return {
        entry: {
          kind,
          membership: reader ?? "",
          cert_id: certificate,
          ct_hash: made.hash,
          ct_len: lengthOf(made.sealed.file),
          key_hash: made.sealed.keyHash,
          grant_hash: own?.hash ?? "",
          review_grant_hash: made.epoch.hash,
          archive_grant_hash: made.archive.hash,
        },
        files: {
          kind,
          membership: reader,
          sealed: made.ciphertext,
          grant: own?.encoded ?? null,
          review_grant: made.epoch.encoded,
          archive_grant: made.archive.encoded,
        },
      };
    },
  };
}

/** Whoever opens the letter opens what stands beside it: it is sealed to the letter's own epoch. */
function epochOf(ledger: Ledger, id: string): { statement: string; reviewKey: string; archiveKey: string } {
  const epoch = ledger.statement(id);
  trust(epoch !== undefined && isOf(epoch, "epoch"), "missing-statement");
  return { statement: id, reviewKey: epoch.body.review_key, archiveKey: epoch.body.archive_key };
}

function staffOf(ledger: Ledger, certificate: string): string {
  const holder = ledger.certificate(certificate)?.holder;
  trust(holder?.kind === "staff", "not-entitled");
  return holder.staff;
}

/** Opens what a colleague left beside a decision, once a verified decision names it. */
async function readLine(ledger: Ledger, line: Api.Attachment, secret: string): Promise<TeamLine> {
  const decision = ledger.statement(line.decision);
  trust(decision !== undefined && isOf(decision, "decision"), "missing-statement");
  const submit = ledger.submit(decision.body.submit_id)?.body;
  const file = bytes(line.ciphertext, "a line");
  const sealedGrant = bytes(line.grant, "a line");
  const attached = decision.body.attached.find(
    (each) => each.ct_hash === hash(file) && each.review_grant_hash === hash(sealedGrant),
  );
  trust(submit !== undefined && attached !== undefined, "wrong-attachment");
  const { realm, letter, rev, arrangement, epoch_id: epochId } = submit;
  const staff = staffOf(ledger, decision.body.signer);
  const grantee = epochGrantee(epochId);
  const identity = await opened(openGrant(sealedGrant, secret, { realm, letter, rev, grantee }));
  const { kind, membership } = attached;
  const to = membership === "" ? [] : [membership];
  const context: Context = { realm, letter, rev, kind, arrangement, author: staff, to };
  const parts = await opened(openLetter(file, identity, context));
  trusted(() => parts.forEach(requireStrictPart));
  return { kind, to: to[0] ?? null, decision: decision.id, staff, text: textOf(parts) };
}
