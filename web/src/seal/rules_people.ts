/** Who is who: the agency, staff, invitations, enrolments, members, contact points. */

import {
  type Certificate,
  CHECKERS,
  holdsAny,
  LEADS,
  MANAGERS,
  type Signer,
  type StaffHolder,
} from "./certificate.ts";
import { Refusal, ensure } from "./refusal.ts";
import { memberOf, type Standing } from "./standing.ts";
import { type Body, isStaffRole, type Statement } from "./statement.ts";

/** Roles that a lead may give, with a second person. */
const LOWER: readonly string[] = ["coordinator", "auditor", "records"];

export function admitAgency(at: Standing, signer: Signer, statement: Statement<"agency">): void {
  ensure(signer.isRoot, "not-entitled");
  const { n, prev } = statement.body;
  ensure(n === (at.agency?.body.n ?? 0) + 1 && prev === (at.agency?.id ?? ""), "wrong-version");
  at.agency = statement;
}

export function admitStaff(at: Standing, signer: Signer, statement: Statement<"staff">): void {
  const { body, id } = statement;
  ensure(enrolled(at, body).membership === "", "wrong-invite");
  const { staff, person, roles, teams } = body;
  ensure((at.persons.get(staff) ?? person) === person, "wrong-person");
  const before = at.keyHolders.get(body.sign_key);
  // The same person may be certified anew with other roles or teams.
  const same =
    before === undefined || (before.kind === "staff" && before.staff === staff && before.person === person);
  ensure(same, "key-taken");
  const holder: StaffHolder = { kind: "staff", staff, person, roles, teams };
  if (signer.isRoot) {
    ensure(body.prior === "", "wrong-chain");
    ensure(holdsAny(holder, MANAGERS), "not-entitled");
  } else if (body.prior !== "") {
    const second = signer.staffWho(MANAGERS);
    requireSecond(at, statement, second.person);
  } else {
    const lead = signer.staffWho(LEADS);
    const within =
      teams.every((team) => lead.teams.includes(team)) && roles.every((role) => LOWER.includes(role));
    ensure(within, "not-entitled");
    return; // a first half: somebody else must agree
  }
  if (body.prior !== "") at.completed.add(body.prior);
  at.persons.set(staff, person);
  at.certify(certificate(id, holder, body, []));
}

export function admitInvite(at: Standing, signer: Signer, { body }: Statement<"invite">): void {
  if (isStaffRole(body.role)) {
    if (!signer.isRoot) signer.staffWho(MANAGERS);
  } else {
    const staff = signer.staffWho(CHECKERS);
    // The arrangement may be out of sight here; whoever names the certificate in an arrangement
    // meets the rule again.
    const governing = at.arrangements.get(body.arrangement)?.body;
    if (governing !== undefined) {
      ensure(staff.teams.includes(governing.team), "not-entitled");
      ensure(memberOf(governing, body.membership) !== undefined, "not-a-member");
    }
  }
  ensure(!at.invites.has(body.invite), "repeated");
  at.invites.add(body.invite);
}

export function admitEnrol(at: Standing, { body }: Statement<"enrol">): void {
  ensure(!at.usedInvites.has(body.invite_id), "invite-used");
  at.usedInvites.add(body.invite_id);
}

export function admitMember(at: Standing, signer: Signer, statement: Statement<"member">): void {
  const { body, id } = statement;
  const { membership, arrangement, role, replaces, prior } = body;
  const staff = signer.staffWho(CHECKERS);
  const governing = at.arrangements.get(arrangement)?.body;
  if (governing !== undefined) {
    signer.staffWho(CHECKERS, governing.team);
    ensure(memberOf(governing, membership) !== undefined, "not-a-member");
  }
  const invite = enrolled(at, body);
  ensure(
    invite.membership === membership && invite.arrangement === arrangement && invite.role === role,
    "wrong-invite",
  );
  ensure(!at.keyHolders.has(body.sign_key), "key-taken");
  const latest = at.members.get(membership) ?? "";
  let certifiedFor = staff.teams;
  if (replaces === "") {
    ensure(latest === "", "already-certified");
  } else {
    ensure(replaces === latest, "wrong-certificate");
    if (prior === "") return; // a first half
    const first = requireSecond(at, statement, staff.person);
    certifiedFor = staff.teams.filter((team) => first.teams.includes(team));
    at.completed.add(prior);
    at.ended.add(replaces);
  }
  at.members.set(membership, id);
  at.certify(certificate(id, { kind: "member", membership, arrangement, role }, body, certifiedFor));
}

export function admitRevoke(at: Standing, signer: Signer, { body }: Statement<"revoke">): void {
  const objector = signer.memberOrNone();
  if (!signer.isRoot && objector === null) signer.staffWho(LEADS);
  const target = at.statements.get(body.target_id);
  if (target === undefined) throw new Refusal("missing-statement");
  if (target.kind !== "staff" && target.kind !== "member" && target.kind !== "invite")
    throw new Refusal("wrong-kind");
  if (objector !== null) {
    // Members revoke one thing: the first half of what would end the certificate they sign with.
    // Whoever still has the keys was not the one who lost them.
    const ends = target.kind === "member" ? target.body.replaces : "";
    ensure(ends === objector.certificate, "not-entitled");
  } else if (!signer.isRoot) {
    const teams = teamsOf(at, signer, target);
    ensure(teams.length > 0, "not-entitled");
    for (const team of teams) signer.staffWho(LEADS, team);
  }
  ensure(!at.ended.has(body.target_id), "revoked");
  at.ended.add(body.target_id);
}

/** The teams a lead must lead to revoke a certificate or invitation. */
function teamsOf(
  at: Standing,
  signer: Signer,
  { kind, body }: Statement<"staff" | "member" | "invite">,
): readonly string[] {
  if (kind === "staff") return body.teams;
  // An invitation of staff belongs to no team yet.
  if (body.arrangement === "") return signer.staff().teams;
  const governing = at.arrangements.get(body.arrangement);
  if (governing === undefined) throw new Refusal("wrong-arrangement");
  return [governing.body.team];
}

export function admitContact(at: Standing, signer: Signer, { body }: Statement<"contact">): void {
  const member = signer.memberOrNone();
  if (member !== null) {
    ensure(member.membership === body.membership, "not-entitled");
  } else {
    // Staff give the contact point of an invitation; never of somebody who can.
    signer.staffWho(CHECKERS);
    ensure(!at.members.has(body.membership), "not-entitled");
  }
  ensure(body.n > (at.contacts.get(body.membership) ?? 0), "wrong-version");
  at.contacts.set(body.membership, body.n);
}

/** The invite that keys were enrolled for. */
function enrolled(
  at: Standing,
  { enrol_id, sign_key, seal_key }: Body<"staff"> | Body<"member">,
): Body<"invite"> {
  const enrol = at.get(enrol_id, "enrol").body;
  ensure(enrol.sign_key === sign_key && enrol.seal_key === seal_key, "wrong-keys");
  const invite = at.get(enrol.invite_id, "invite").body;
  at.requireInForce(enrol.invite_id);
  return invite;
}

/** Checks that `second` says what its first half says, signed by another person: who that was. */
export function requireSecond(
  at: Standing,
  second: Statement<"staff" | "member" | "arrangement" | "reseal">,
  person: string,
): StaffHolder {
  const firstId = second.body.prior;
  const first = at.get(firstId, second.kind);
  // The same body but for signer, prior and a reseal's grant. A complete statement is no first half.
  const says = ({ body }: Statement) => JSON.stringify({ ...body, signer: "", prior: "", grant_hash: "" });
  const half =
    first.body.prior === "" &&
    first.body.signer !== "" &&
    !at.certificates.has(firstId) &&
    !at.completed.has(firstId);
  ensure(half && says(first) === says(second), "wrong-chain");
  at.requireInForce(firstId);
  at.requireInForce(first.body.signer);
  const holder = at.certificates.get(first.body.signer)?.holder;
  if (holder?.kind !== "staff") throw new Refusal("wrong-chain");
  ensure(holder.person !== person, "same-person");
  return holder;
}

function certificate(
  id: string,
  holder: Certificate["holder"],
  { sign_key, seal_key, until }: Body<"staff"> | Body<"member">,
  certifiedFor: readonly string[],
): Certificate {
  return { id, holder, signKey: sign_key, sealKey: seal_key, until, certifiedFor };
}
