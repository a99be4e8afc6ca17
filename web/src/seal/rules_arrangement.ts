/** Epochs and arrangements. */

import { CHECKERS, LEADS, type Signer } from "./certificate.ts";
import { requireSecond } from "./rules_people.ts";
import { ensure } from "./refusal.ts";
import { memberOf, type Standing } from "./standing.ts";
import type { Body, Statement } from "./statement.ts";

export function admitEpoch(at: Standing, signer: Signer, statement: Statement<"epoch">): void {
  const { team, n, prev, archive_key } = statement.body;
  signer.staffWho(LEADS, team);
  const last = at.epochs.get(team);
  ensure(n === (last?.body.n ?? 0) + 1 && prev === (last?.id ?? ""), "wrong-version");
  ensure(at.agency?.body.archive_key === archive_key, "wrong-archive");
  at.epochs.set(team, statement);
}

export function admitArrangement(at: Standing, signer: Signer, statement: Statement<"arrangement">): void {
  const { body } = statement;
  signer.staffWho(CHECKERS);
  const last = at.arrangements.get(body.arrangement);
  ensure(body.n === (last?.body.n ?? 0) + 1 && body.prev === (last?.id ?? ""), "wrong-version");
  const complete = requireArranger(at, signer, statement, last?.body);
  requireMembers(at, body, last?.body);
  if (!complete) return;
  if (body.prior !== "") at.completed.add(body.prior);
  at.arrangements.set(body.arrangement, statement);
}

/** Whether the signer may; false for the first half of a move between teams. */
function requireArranger(
  at: Standing,
  signer: Signer,
  statement: Statement<"arrangement">,
  last: Body<"arrangement"> | undefined,
): boolean {
  const { team, reviewers, prior } = statement.body;
  const oldTeam = last?.team ?? team;
  if (team === oldTeam) {
    const careful = reviewers > 1 || (last?.reviewers ?? 1) > 1;
    signer.staffWho(careful ? LEADS : CHECKERS, team);
    ensure(prior === "", "wrong-chain");
    return true;
  }
  // A move: the lead who gives it away first, then the lead who takes it.
  if (prior === "") {
    signer.staffWho(LEADS, oldTeam);
    return false;
  }
  requireSecond(at, statement, signer.staffWho(LEADS, team).person);
  return true;
}

/**
 * Every certificate is in force and of that membership and arrangement; new ones were certified
 * by staff of the old or the new team.
 */
function requireMembers(
  at: Standing,
  version: Body<"arrangement">,
  last: Body<"arrangement"> | undefined,
): void {
  for (const { membership, cert_id } of version.members) {
    if (cert_id === "") continue;
    const certificate = at.certificates.get(cert_id);
    const holder = certificate?.holder;
    const theirs =
      holder?.kind === "member" &&
      holder.membership === membership &&
      holder.arrangement === version.arrangement;
    ensure(certificate !== undefined && theirs, "wrong-certificate");
    at.requireInForce(cert_id);
    const known = memberOf(last, membership)?.cert_id === cert_id;
    const byTeam = [version.team, last?.team].some(
      (team) => team !== undefined && certificate.certifiedFor.includes(team),
    );
    ensure(known || byTeam, "not-entitled");
  }
}
