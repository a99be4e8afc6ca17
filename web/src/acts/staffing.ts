/** The agency's people: inviting and certifying staff, teams, and each team's key. */

import { get, listAll, post, put } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Colleague } from "./colleagues.ts";
import type { Keys } from "../keys.ts";
import {
  type Body,
  enrolDigits,
  type Fields,
  idOf,
  type Ledger,
  newId,
  STAFF_ROLES,
} from "../seal/index.ts";
import type { Root } from "./ceremony.ts";
import { seconds } from "./clock.ts";
import { WrongDigits } from "./errors.ts";
import { ledgerOf } from "./proofs.ts";
import { makeSheet, type Sheet } from "./sheets.ts";
import { bodyOf, trust } from "./statements.ts";

export { WrongDigits } from "./errors.ts";
export { answerMessage, messages, openMessage, type TeamMessage } from "./team_messages.ts";
export { type Colleague, everybody, me } from "./colleagues.ts";
export type { Sheet } from "./sheets.ts";
export { changeTeamKey, makeTeam, type Team, teams } from "./teams.ts";

export type StaffRole = (typeof STAFF_ROLES)[number];
export type Reason = Body<"revoke">["reason"];
export type Quarantined = Api.Quarantined;

/** What a member of staff is to be. */
export interface Post {
  readonly staff: string;
  readonly person: string;
  readonly role: StaffRole;
  readonly teams: readonly string[];
}

/** A first half of a staff certificate that waits for its second. */
export interface FirstHalf {
  readonly statement: string;
  /** The invitation it certifies. */
  readonly invite: string;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  /** Who signed it: another person must sign the second. */
  readonly by: string | null;
}

/** By which first name families are to know this person. */
export async function setMyName(name: string): Promise<void> {
  await put("/api/staff/name", { name });
}

export function inviteStaff(keys: Keys, role: StaffRole): Promise<Sheet> {
  return makeSheet(keys, { role, membership: "", arrangement: "", card_hash: "" }, null);
}

/** A post for somebody new. */
export function newPost(role: StaffRole, of: readonly string[]): Post {
  return { staff: newId(), person: newId(), role, teams: [...of].sort() };
}

/** The post that a colleague has, for their new keys. */
export function samePost({ staff, person }: Colleague, role: StaffRole, of: readonly string[]): Post {
  return { staff, person, role, teams: [...of].sort() };
}

/** Invitations to the staff, newest first. */
export async function staffInvitations(): Promise<Api.Invite[]> {
  const all = await listAll<Api.Invite>("/api/invites");
  return all.filter(({ membership }) => membership === null || membership === undefined);
}

/** Halves that wait for a second person. */
export async function firstHalves(keys: Keys): Promise<FirstHalf[]> {
  const found: FirstHalf[] = [];
  for (const { invite, status, certificates } of await staffInvitations()) {
    if (status !== "joined") continue;
    for (const { statement: id, verdict: how, in_force } of certificates) {
      if (how !== "logged" || in_force) continue;
      const ledger = await ledgerOf(keys, [id]);
      const half = ledger.statement(id);
      // A first half stands in the ledger and certifies nobody yet.
      if (half?.kind !== "staff" || ledger.certificate(id) !== undefined) continue;
      const by = signerOf(ledger, half.body.signer);
      found.push({ statement: id, invite, roles: half.body.roles, teams: half.body.teams, by });
    }
  }
  return found;
}

/** Who signed the first half of a certificate; null for nobody of the staff. */
export async function firstSigner(keys: Keys, first: string): Promise<string | null> {
  const ledger = await ledgerOf(keys, [first]);
  return signerOf(ledger, ledger.statement(first)?.body.signer ?? "");
}

function signerOf(ledger: Ledger, certificate: string): string | null {
  const holder = ledger.certificate(certificate)?.holder;
  return holder?.kind === "staff" ? holder.staff : null;
}

/** Leads and administrators, by the root. Throws WrongDigits. */
export async function certifyByRoot(
  keys: Keys,
  root: Root,
  invite: string,
  digits: string,
  as: Post,
): Promise<string> {
  const enrolled = await enrolledWith(keys, invite, digits);
  trust(root.public === keys.root, "wrong-realm");
  return postCertificate(root.sign("staff", certificate(enrolled, as)));
}

/** By a lead, within their own teams; a second person completes it. Throws WrongDigits. */
export async function certifyFirstHalf(
  keys: Keys,
  invite: string,
  digits: string,
  as: Post,
): Promise<string> {
  const enrolled = await enrolledWith(keys, invite, digits);
  return postCertificate(keys.sign("staff", "staff", certificate(enrolled, as)));
}

/** By another lead or an administrator, who has spoken to the person too. Throws WrongDigits. */
export async function certifySecondHalf(
  keys: Keys,
  invite: string,
  digits: string,
  first: string,
): Promise<string> {
  const enrolled = await enrolledWith(keys, invite, digits);
  const half = (await ledgerOf(keys, [first])).statement(first);
  trust(half?.kind === "staff" && half.body.enrol_id === enrolled.id, "wrong-chain");
  // It repeats the first: the same keys, roles, teams and times.
  const { v: _, realm: __, signer: ___, ...fields } = half.body;
  return postCertificate(keys.sign("staff", "staff", { ...fields, prior: first }));
}

/** The verified enrolment behind an invitation, if the person's own digits are those of its keys. */
export async function enrolledWith(
  keys: Keys,
  invite: string,
  digits: string,
): Promise<{ readonly id: string; readonly body: Body<"enrol">; readonly invite: Body<"invite"> }> {
  const all = await listAll<Api.Invite>("/api/invites");
  const enrolled = all.find((each) => each.invite === invite)?.enrol;
  trust(enrolled !== null && enrolled !== undefined, "no-enrolment");
  const { id, body } = bodyOf(enrolled.envelope, "enrol");
  if (enrolDigits(id) !== digits.replace(/\D/g, "")) throw new WrongDigits();
  const ledger = await ledgerOf(keys, [id]);
  const offer = ledger.statement(body.invite_id);
  trust(offer?.kind === "invite" && offer.body.invite === invite, "wrong-invite");
  return { id, body, invite: offer.body };
}

/** What a certificate says of keys that enrolled. */
export function certificate(
  { id, body }: { readonly id: string; readonly body: Body<"enrol"> },
  { staff, person, role, teams: of }: Post,
): Fields<"staff"> {
  return {
    staff,
    person,
    enrol_id: id,
    sign_key: body.sign_key,
    seal_key: body.seal_key,
    roles: [role],
    teams: [...of].sort(),
    from: seconds(),
    until: 0,
    prior: "",
  };
}

async function postCertificate(envelope: Api.Envelope): Promise<string> {
  await post("/api/statements/staff", { statement: envelope });
  return idOf(envelope);
}

/** Ends a certificate or an invitation, named by its statement. A lead's to do. */
export async function revoke(keys: Keys, target: string, reason: Reason): Promise<void> {
  const envelope = keys.sign("staff", "revoke", { target_id: target, reason });
  await post("/api/statements/revoke", { statement: envelope });
}

/** Statements that did not verify and letters that were stopped, for leads. */
export function quarantine(): Promise<Quarantined[]> {
  return get<Quarantined[]>("/api/quarantine");
}

/** Somebody who lost their words and asked for help. */
export type WordsRequest = Api.AskingForWords;

export function wordsRequests(): Promise<WordsRequest[]> {
  return listAll<WordsRequest>("/api/words-requests");
}

/** Null while it waits; then whether the worker logged it, and for leads why not. */
export async function verdict(
  id: string,
): Promise<{ readonly logged: boolean; readonly reason: string | null } | null> {
  const held = await get<Api.Statement>(`/api/statements/${id}`);
  if (held.verdict === "waiting") return null;
  return { logged: held.verdict === "logged", reason: held.reason ?? null };
}
