/**
 * Opening a letter: nothing of it is shown before every check has passed, in this order
 * (protocol, "A reader's browser opens a letter only after"). A failure names its check, never
 * content: the name may go to the agency.
 */

import { hash } from "./bytes.ts";
import { epochGrantee, type GrantContext, openGrant } from "./grant.ts";
import { Ledger, type Proof, ProofRefusal } from "./ledger.ts";
import {
  type Context,
  keyHashOf,
  openLetter,
  type Part,
  requireLetterForm,
  requireStrictPart,
} from "./letter.ts";
import { requireLogged, type Seen } from "./logged.ts";
import { Refusal, ensure } from "./refusal.ts";
import { grantOf } from "./rules_reseal.ts";
import { type Body, isOf, type Statement } from "./statement.ts";
import { readEnvelope } from "./envelope.ts";

/** The nine checks of a reader, in their order. */
export const CHECKS = [
  "certificates", // 1: every signer's chain to the pinned root, unrevoked, entitled; all in the log
  "decision", // 2: a complete chain `deliver` on this submit
  "submit", // 3: the author's signature, right to write, version of the arrangement
  "file", // 4: ct_hash, ct_len, one stanza
  "grant", // 5: listed for my membership and certificate
  "grant-lines", // 6: this realm, letter, revision and me
  "key", // 7: SHA-256 of the recipient is key_hash
  "content", // 8: whole decryption, inner context equal to the statement
  "parts", // 9: strict parts
] as const;
export type Check = (typeof CHECKS)[number];

/** A check that failed, and the refusal behind it. */
export class CheckFailed extends Error {
  override readonly name = "CheckFailed";

  constructor(
    readonly check: Check,
    readonly code: string,
  ) {
    super(`${check}: ${code}`);
  }
}

/** Runs one check; whatever goes wrong in it, even a defect, fails that check. */
async function within<T>(check: Check, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new CheckFailed(check, error instanceof Refusal ? error.code : "defect");
  }
}

/** The keys a person opens with: their certificate, and the identity its seal key belongs to. */
export interface Reader {
  /** Pinned on this device. */
  readonly realm: string;
  readonly membership: string;
  readonly certificate: string;
  /** `AGE-SECRET-KEY-PQ-1…` */
  readonly identity: string;
  /** The log as it was seen last. */
  readonly seen: Seen;
}

/** A sealed file and the grant to whoever opens it. */
export interface Sealed {
  readonly ciphertext: Uint8Array;
  readonly grant: Uint8Array;
}

/** What a statement says of a sealed file, and what its grant and its inside must say. */
interface Expected {
  readonly file: { readonly ct_hash: string; readonly ct_len: number; readonly key_hash: string };
  readonly grantHash: string | undefined;
  readonly grantee: string;
  readonly context: Context;
}

/** An opened letter and the verified statements it came with. */
export interface Opened {
  readonly parts: readonly Part[];
  readonly ledger: Ledger;
}

/** What a member opened, and the log as it is seen now, to be pinned. */
export interface OpenedLogged extends Opened {
  readonly seen: Seen;
}

/** Opens a letter that was passed on: all nine checks. */
export async function openDelivered(
  reader: Reader,
  proof: Proof,
  submitId: string,
  sealed: Sealed,
): Promise<OpenedLogged> {
  const { ledger, seen } = await foldLogged(reader, proof);
  await within("certificates", () => requireMine(ledger, reader));
  const decision = await within("decision", () => {
    const final = ledger.finalDecision(submitId);
    ensure(final?.body.outcome === "deliver", "not-delivered");
    return final;
  });
  const submit = await within("submit", () => requireSubmit(ledger, submitId, decision.body.arrangement_id));
  const parts = await openExpected(reader.identity, sealed, {
    file: submit,
    grantHash: grantOf(ledger.at, submitId, reader.membership, reader.certificate, false),
    grantee: reader.membership,
    context: letterContext(submit),
  });
  return { parts, ledger, seen };
}

/** Opens the writer's own copy, decided or not: every check but the second. */
export async function openOwn(
  reader: Reader,
  proof: Proof,
  submitId: string,
  sealed: Sealed,
): Promise<OpenedLogged> {
  const { ledger, seen } = await foldLogged(reader, proof);
  const submit = await within("submit", () => requireSubmit(ledger, submitId));
  await within("submit", () => ensure(submit.author === reader.membership, "wrong-author"));
  const parts = await openExpected(reader.identity, sealed, {
    file: submit,
    grantHash: grantOf(ledger.at, submitId, reader.membership, reader.certificate, true),
    grantee: reader.membership,
    context: letterContext(submit),
  });
  return { parts, ledger, seen };
}

/** Opens a letter for checking, with the secret of the epoch it was sealed to. */
export async function openForCheck(
  realm: string,
  epochSecret: string,
  proof: Proof,
  submitId: string,
  sealed: Sealed,
): Promise<Opened> {
  const ledger = await fold(realm, proof);
  const submit = await within("submit", () => requireSubmit(ledger, submitId));
  const parts = await openExpected(epochSecret, sealed, {
    file: submit,
    grantHash: submit.grant_hash,
    grantee: epochGrantee(submit.epoch_id),
    context: letterContext(submit),
  });
  return { parts, ledger };
}

/** Opens a comment or note that staff attached to a decision for this reader. */
export async function openAttached(
  reader: Reader,
  proof: Proof,
  decisionId: string,
  ctHash: string,
  sealed: Sealed,
): Promise<OpenedLogged> {
  const { ledger, seen } = await foldLogged(reader, proof);
  const { decision, submit, staff } = await within("decision", () => {
    const found = ledger.statement(decisionId);
    ensure(found !== undefined && isOf(found, "decision"), "missing-statement");
    const holder = ledger.certificate(found.body.signer)?.holder;
    ensure(holder?.kind === "staff", "not-entitled");
    return { decision: found.body, submit: requireSubmit(ledger, found.body.submit_id), staff: holder.staff };
  });
  const attached = decision.attached.find(
    (each) => each.ct_hash === ctHash && each.membership === reader.membership,
  );
  await within("grant", () => ensure(attached?.cert_id === reader.certificate, "not-granted"));
  const {
    kind,
    membership,
    grant_hash: grantHash,
    ...file
  } = attached as Body<"decision">["attached"][number];
  const context: Context = { ...letterContext(submit), kind, author: staff, to: [membership] };
  const parts = await openExpected(reader.identity, sealed, {
    file,
    grantHash,
    grantee: membership,
    context,
  });
  return { parts, ledger, seen };
}

/** Opens a member's message to the team, with the secret of the epoch it was sealed to. */
export async function openMessage(
  realm: string,
  epochSecret: string,
  proof: Proof,
  messageId: string,
  sealed: Sealed,
): Promise<Opened> {
  const ledger = await fold(realm, proof);
  const { message, author } = await within("submit", () => {
    const found = ledger.statement(messageId);
    ensure(found !== undefined && isOf(found, "message"), "missing-statement");
    const holder = ledger.certificate(found.body.signer)?.holder;
    ensure(holder?.kind === "member", "not-entitled");
    return { message: found.body, author: holder.membership };
  });
  const { arrangement } = message;
  const parts = await openExpected(epochSecret, sealed, {
    file: message,
    grantHash: message.grant_hash,
    grantee: epochGrantee(message.epoch_id),
    context: { realm, letter: message.message, rev: 1, kind: "message", arrangement, author, to: [] },
  });
  return { parts, ledger };
}

/** Folds a proof for a member and holds it against the log; what they have just sent may wait. */
async function foldLogged(reader: Reader, proof: Proof): Promise<{ ledger: Ledger; seen: Seen }> {
  const ledger = await fold(reader.realm, proof);
  const seen = await within("certificates", () =>
    requireLogged(ledger, proof.log, reader.seen, reader.certificate),
  );
  return { ledger, seen };
}

/** Folds a proof; the kind of the refused statement tells which check it fails. */
async function fold(realm: string, proof: Proof): Promise<Ledger> {
  try {
    return Ledger.fold(realm, proof);
  } catch (error) {
    const refused = error instanceof ProofRefusal ? proof.statements[error.index] : undefined;
    throw new CheckFailed(checkOf(refused), error instanceof Refusal ? error.code : "defect");
  }
}

function checkOf(envelope: unknown): Check {
  try {
    const { kind } = readEnvelope(envelope).statement;
    if (kind === "decision" || kind === "submit") return kind;
  } catch {
    // A statement that cannot even be read proves nothing about anybody.
  }
  return "certificates";
}

/** My own certificate is in the proof, in force, and mine. */
function requireMine(ledger: Ledger, { certificate, membership }: Reader): void {
  const holder = ledger.certificate(certificate)?.holder;
  ensure(holder?.kind === "member" && holder.membership === membership, "wrong-certificate");
  ensure(ledger.isInForce(certificate), "revoked");
}

/** The submit, whose signature and rights the fold has checked, under the decided version or an older one. */
function requireSubmit(ledger: Ledger, submitId: string, decidedUnder?: string): Body<"submit"> {
  const submit = ledger.submit(submitId)?.body;
  ensure(submit !== undefined, "missing-statement");
  if (decidedUnder !== undefined) {
    const [written, decided] = [submit.arrangement_id, decidedUnder].map((id) =>
      versionOf(ledger.statement(id)),
    );
    ensure(written !== undefined && decided !== undefined && written <= decided, "stale-arrangement");
  }
  return submit;
}

function versionOf(statement: Statement | undefined): number | undefined {
  return statement?.kind === "arrangement" ? statement.body.n : undefined;
}

function letterContext({ realm, letter, rev, arrangement, author, to }: Body<"submit">): Context {
  return { realm, letter, rev, kind: "letter", arrangement, author, to };
}

/** Checks 4 to 9. */
async function openExpected(
  identity: string,
  { ciphertext, grant }: Sealed,
  expected: Expected,
): Promise<Part[]> {
  const { file, grantHash, grantee, context } = expected;
  await within("file", () => {
    ensure(hash(ciphertext) === file.ct_hash && ciphertext.length === file.ct_len, "other-file");
    requireLetterForm(ciphertext);
  });
  await within("grant", () => ensure(grantHash !== undefined && hash(grant) === grantHash, "not-granted"));
  const where: GrantContext = { realm: context.realm, letter: context.letter, rev: context.rev, grantee };
  const letterIdentity = await within("grant-lines", () => openGrant(grant, identity, where));
  await within("key", async () => ensure((await keyHashOf(letterIdentity)) === file.key_hash, "other-key"));
  const parts = await within("content", () => openLetter(ciphertext, letterIdentity, context));
  await within("parts", () => parts.forEach(requireStrictPart));
  return parts;
}
