/**
 * Checking: claim a letter, open it with the team's key, decide. Deciding to pass it on is sealing
 * its key to the readers and signing; nothing on a server can do it.
 */

import { del, listAll, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { base64, type Body } from "../seal/index.ts";
import { seconds } from "./clock.ts";
import { type OnDesk, type Outcome, pick } from "./desk.ts";

export { type OnDesk, openOnDesk, type Outcome, type TeamLine, type Why } from "./desk.ts";
export { CannotOpen } from "./errors.ts";
export { CannotSend } from "./sealing.ts";

export type WaitingLetter = Api.WaitingLetter;
export type Claim = Api.Claim;

/** What staff write beside a decision: to the author, a reader, or the next checker (`team`, to null). */
export interface Remarked {
  readonly kind: "comment" | "note" | "team";
  readonly to: string | null;
  readonly text: string;
}

/** A decision sealed and signed, not yet sent. */
export interface SealedDecision {
  readonly letter: string;
  readonly outcome: Outcome;
  readonly isFinal: boolean;
  readonly body: Api.NewDecisionBody;
}

/** Oldest first. */
export function queue(): Promise<WaitingLetter[]> {
  return listAll<WaitingLetter>("/api/checks");
}

/** ApiProblem 409 when somebody else has it. */
export function claim(letter: string): Promise<Claim> {
  return post<Claim>(`/api/checks/${letter}/claim`);
}

export function unclaim(letter: string): Promise<void> {
  return del(`/api/checks/${letter}/claim`);
}

/** Keeps the claim from lapsing; ApiProblem 409 when it is lost. */
export async function renew(letter: string): Promise<void> {
  await post(`/api/checks/${letter}/renew`);
}

/**
 * Seals and signs the next decision on what is on the desk. The readers, their certificates and the
 * place in the chain come from the verified history, never from the server's word; nothing is signed
 * for sending that the rules would refuse (Untrusted). `reason` is a word of the API's list, such as
 * `fits-plan`.
 */
export async function sealDecision(
  keys: Keys,
  desk: OnDesk,
  outcome: Outcome,
  reason: string,
  remarks: readonly Remarked[],
): Promise<SealedDecision> {
  const parts = pick(desk);
  const { step, prior, isFinal, addressees } = parts.nextStep(outcome);
  const entries: Body<"decision">["grants"][number][] = [];
  const grants: Api.GrantFile[] = [];
  for (const { membership, cert_id: certificate } of addressees) {
    const { hash, file } = await parts.grantTo(membership, certificate);
    entries.push({ membership, cert_id: certificate, grant_hash: hash });
    grants.push({ membership, sealed: base64(file) });
  }
  const attached: Body<"decision">["attached"][number][] = [];
  const files: Api.AttachedFiles[] = [];
  for (const remark of remarks) {
    const made = await parts.attach(remark, keys.post.id);
    attached.push(made.entry);
    files.push(made.files);
  }
  const statement = keys.sign("staff", "decision", {
    submit_id: desk.statement,
    arrangement_id: parts.arrangementId,
    outcome,
    step,
    prior,
    grants: entries,
    attached,
    log_size: parts.checkpoint.size,
    log_root: parts.checkpoint.root,
    time: seconds(),
  });
  parts.check(statement);
  return { letter: desk.letter, outcome, isFinal, body: { statement, grants, attached: files, reason } };
}

export async function sendDecision({ letter, body }: SealedDecision): Promise<void> {
  await post(`/api/letters/${letter}/decisions`, body);
}
