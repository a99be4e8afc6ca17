/**
 * Giving a letter back to somebody who was certified anew: two persons of the team agree, and the
 * second seals the letter key to the new certificate.
 */

import { CHECKERS, type Signer } from "./certificate.ts";
import { ensure } from "./refusal.ts";
import { requireSecond } from "./rules_people.ts";
import { type Addressee, addressed } from "./rules_decision.ts";
import { memberOf, type Standing } from "./standing.ts";
import type { Statement } from "./statement.ts";

export function admitReseal(at: Standing, signer: Signer, statement: Statement<"reseal">): void {
  const { decision_id, membership, cert_id, grant_hash, prior } = statement.body;
  const { person, teams } = signer.staffWho(CHECKERS);
  const submitId = at.get(decision_id, "decision").body.submit_id;
  const submit = at.get(submitId, "submit").body;
  const version = at.arrangements.get(submit.arrangement)?.body;
  ensure(version !== undefined, "wrong-arrangement");
  // After a move the team that checked the letter still has the keys that open it.
  ensure(teams.includes(version.team) || teams.includes(submit.team), "not-entitled");
  const head = at.chains.get(submitId)?.head;
  const decided = head?.isFinal ? head.decision.id : "";
  const first = firstGrant(at, submitId, membership, submit.author === membership);
  ensure(decided === decision_id && first !== undefined, "not-delivered");
  const holder = at.certificates.get(cert_id)?.holder;
  const isTheirs = holder?.kind === "member" && holder.membership === membership;
  ensure(isTheirs && cert_id !== first.cert_id, "wrong-certificate");
  at.requireInForce(cert_id);
  ensure(memberOf(version, membership)?.cert_id === cert_id, "not-a-member");
  const given = `${submitId}/${cert_id}`;
  ensure(!at.resealed.has(given), "repeated");
  if (prior === "") return; // a first half: somebody else must agree
  requireSecond(at, statement, person);
  at.completed.add(prior);
  at.resealed.set(given, grant_hash);
}

/**
 * By what a membership had a revision first: its author (`isOwn`) by the copy they made, an addressee
 * by the final `deliver`. One whose keys had ended got no grant from it, and this is their first.
 */
function firstGrant(
  at: Standing,
  submitId: string,
  membership: string,
  isOwn: boolean,
): { cert_id: string; grant_hash?: string } | undefined {
  const submit = at.get(submitId, "submit").body;
  if (isOwn) return submit.author === membership ? { cert_id: submit.signer, grant_hash: submit.self_grant_hash } : undefined;
  const head = at.chains.get(submitId)?.head;
  if (!head?.isFinal || head.decision.body.outcome !== "deliver") return undefined;
  const { arrangement_id, grants } = head.decision.body;
  const isTheirs = (entry: Addressee) => entry.membership === membership;
  return grants.find(isTheirs) ?? addressed(submit, at.get(arrangement_id, "arrangement").body).find(isTheirs);
}

/**
 * The hash of the grant by which a membership opens a revision under this certificate: the first, or
 * that of the `reseal` that gave it back. `isOwn`: as its author, not as somebody it was sent to.
 */
export function grantOf(
  at: Standing,
  submitId: string,
  membership: string,
  certificate: string,
  isOwn: boolean,
): string | undefined {
  const first = firstGrant(at, submitId, membership, isOwn);
  if (first?.cert_id === certificate) return first.grant_hash;
  return first && at.resealed.get(`${submitId}/${certificate}`);
}
