/** Joining with the code from a printed sheet, and picking up the certificate afterwards. */

import { ApiProblem, get, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys, PublicKeys } from "../keys.ts";
import { enrolDigits, idOf, isOf, Ledger, realmOf, Refusal } from "../seal/index.ts";
import { normaliseCode } from "../seal/invite.ts";
import { currentSession, unless } from "./session.ts";
import { type CodeKeys, codeKeys } from "./slow.ts";
import { bodyOf, since, trust, trusted, verified } from "./statements.ts";

/** An invitation that was found, and whose agency the typed code itself authenticated. */
export interface Invitation {
  /** What the code derives; it is a secret. */
  readonly keys: CodeKeys;
  /** Its statement. */
  readonly statement: string;
  /** A family role such as `birth-parent`, or a staff role. */
  readonly role: string;
  /** Null for staff. */
  readonly membership: string | null;
  /** The agency's root key, hex. */
  readonly root: string;
}

/** Enrolled, not yet certified. */
export interface Waiting {
  /** What the person reads out to the worker who rings: eight digits. */
  readonly digits: string;
  /** Once two have certified new keys: from when these count. There is nothing left to read out. */
  readonly from?: string | null | undefined;
}

/** The 12 characters of a typed code, or null. */
export function readCode(typed: string): string | null {
  try {
    return normaliseCode(typed);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** Throws ApiProblem 404 (unknown) or 410 (used or run out). Half a second of work, off the page. */
export async function lookUp(code: string): Promise<Invitation> {
  const keys = await codeKeys(code);
  const { proof } = await get<Api.FoundInvite>(`/api/invites/${keys.locator}`);
  const { root } = proof;
  const ledger = trusted(() => Ledger.fold(realmOf(root), proof));
  const ids = proof.statements.map((envelope) => trusted(() => idOf(envelope)));
  const invite = ids
    .map((id) => ledger.statement(id))
    .find((each) => each !== undefined && isOf(each, "invite") && each.body.invite === keys.locator);
  trust(invite !== undefined && isOf(invite, "invite"), "missing-statement");
  const { body } = invite;
  // The typed code alone authenticates the root: no server can put another in its place.
  trust(body.root_tag === (await keys.rootTag(root)), "other-root");
  trust(body.invite_key === keys.sign.public, "wrong-keys");
  return {
    keys,
    statement: invite.id,
    role: body.role,
    membership: body.membership === "" ? null : body.membership,
    root,
  };
}

/**
 * Goes on with new keys under the same sign-in: by a new code for a place whose keys were lost, or
 * with those that were begun so before. False when there is nothing to go on with.
 */
export async function renew(invitation?: Invitation): Promise<boolean> {
  const invite = invitation?.keys.locator;
  return (await unless(404, post<Api.Renewed>("/api/account/renewal", { invite }))) !== null;
}

/** Asked again after an answer that was lost, it succeeds: the keys are the same. */
export async function enrol(keys: Keys, invitation: Invitation): Promise<void> {
  const statement = await keys.enrol(invitation, invitation.keys.sign);
  try {
    await post(`/api/invites/${invitation.keys.locator}/enrol`, { statement });
  } catch (error) {
    if (!(error instanceof ApiProblem && error.status === 410)) throw error;
    const mine = idOf(statement);
    const enrolled = await get<Api.WaitingEnrolment[]>("/api/enrolments");
    if (!enrolled.some((each) => each.statement === mine)) throw error;
  }
}

/** The digits are computed from the very statement, and only for keys that are in the bundle. */
export async function waiting(keys: Keys): Promise<Waiting[]> {
  const enrolled = await get<Api.WaitingEnrolment[]>("/api/enrolments");
  const mine = [...keys.memberships, ...keys.staff].map(({ signKey }) => signKey);
  return enrolled.map(({ envelope, counts_from: from }) => {
    const { id, body } = bodyOf(envelope, "enrol");
    trust(mine.includes(body.sign_key), "wrong-keys");
    return { digits: enrolDigits(id), from };
  });
}

/**
 * Writes certificates that have come into force into the bundle; true when there was a new one. One
 * counts only if it folds to the pinned root and names this person's own key.
 */
export async function pickUpCertificates(keys: Keys): Promise<boolean> {
  const session = await currentSession();
  if (session === null || !keys.hasJoined) return false;
  const known = [...keys.memberships, ...keys.staff].map(({ certificate }) => certificate);
  const unknown = session.certificates.filter(({ certificate }) => !known.includes(certificate));
  const found: PublicKeys[] = [];
  for (const { certificate, arrangement } of unknown) {
    const path = arrangement ? `/api/arrangements/${arrangement}` : "/api/staff";
    const { pins } = keys;
    const { proof } = await get<{ readonly proof: Api.Proof }>(since(pins, path));
    const mine = certificateIn(verified(keys, proof, pins).ledger, certificate);
    if (mine !== null) found.push(mine);
  }
  return found.length > 0 && keys.certified(found);
}

function certificateIn(ledger: Ledger, id: string): PublicKeys | null {
  const certificate = ledger.certificate(id);
  if (certificate === undefined || !ledger.isInForce(id)) return null;
  const { holder, signKey } = certificate;
  return { id: holder.kind === "staff" ? holder.staff : holder.membership, certificate: id, signKey };
}
