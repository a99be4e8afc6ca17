/** Decisions: distinct persons of the team that a revision is sealed to, step by step, on the head. */

import { CHECKERS, type Signer } from "./certificate.ts";
import { Chain } from "./chain.ts";
import { requireGoverning } from "./rules_letter.ts";
import { ensure } from "./refusal.ts";
import { memberOf, type Standing } from "./standing.ts";
import type { Body, Statement } from "./statement.ts";

/** An addressee who gets a grant, and the certificate it is sealed to. */
export interface Addressee {
  readonly membership: string;
  readonly cert_id: string;
}

export function admitDecision(at: Standing, signer: Signer, statement: Statement<"decision">): void {
  const { body } = statement;
  signer.staffWho(CHECKERS);
  const submit = at.get(body.submit_id, "submit").body;
  const version = at.get(body.arrangement_id, "arrangement");
  ensure(version.body.arrangement === submit.arrangement, "wrong-arrangement");
  requireGoverning(at, version);
  // After a move too: nobody else has the key that opens it.
  const { person } = signer.staffWho(CHECKERS, submit.team);
  const letter = at.letters.get(submit.letter);
  ensure(letter?.head.id === body.submit_id, "not-head");
  ensure(!letter.withdrawn, "withdrawn");
  const chain = at.chains.get(body.submit_id) ?? new Chain();
  const { step, prior, isFinal } = chain.next(body.outcome, version.body.reviewers);
  ensure(body.step === step && body.prior === prior, "wrong-step");
  ensure(chain.admits(person, body.outcome), "same-person");
  const delivers = body.outcome === "deliver";
  ensure(!delivers || memberOf(version.body, submit.author)?.write === true, "no-write-right");
  const online = delivers && isFinal ? onlineAddressees(at, submit, version.body) : [];
  ensure(sameAddressees(body.grants, online), "wrong-grants");
  for (const attached of body.attached)
    requireAttachment(at, attached, body, memberOf(version.body, submit.author));
  const keys = body.attached.map(({ key_hash }) => key_hash);
  ensure(new Set(keys).size === keys.length && !keys.some((key) => at.letterKeys.has(key)), "key-reused");
  for (const key of keys) at.letterKeys.add(key);
  chain.push({ decision: statement, isFinal }, person);
  at.chains.set(body.submit_id, chain);
}

function sameAddressees(grants: readonly Addressee[], online: readonly Addressee[]): boolean {
  return (
    grants.length === online.length &&
    grants.every(
      ({ membership, cert_id }, i) => online[i]?.membership === membership && online[i]?.cert_id === cert_id,
    )
  );
}

/**
 * The addressees who read on another side in this version and have keys, or had them until they ended:
 * each with the certificate it names. In the order of memberships.
 */
export function addressed(submit: Body<"submit">, version: Body<"arrangement">): Addressee[] {
  const side = memberOf(version, submit.author)?.side;
  return submit.to
    .map((reader) => memberOf(version, reader))
    .filter((entry) => entry !== undefined)
    .filter(({ read, side: theirs, cert_id }) => read && theirs !== side && cert_id !== "")
    .map(({ membership, cert_id }) => ({ membership, cert_id }));
}

/** Those of them who get a grant: their certificate is in force. */
export function onlineAddressees(
  at: Standing,
  submit: Body<"submit">,
  version: Body<"arrangement">,
): Addressee[] {
  return addressed(submit, version).filter(({ cert_id }) => at.isInForce(cert_id));
}

type Attached = Body<"decision">["attached"][number];

/** A comment is for the author, a note for somebody granted the letter by this very step. */
function requireAttachment(
  at: Standing,
  attached: Attached,
  { grants }: Body<"decision">,
  author: Addressee | undefined,
): void {
  const isReader = (entry: Addressee) =>
    entry.membership === attached.membership && entry.cert_id === attached.cert_id;
  const fits = {
    team: () => true,
    comment: () => author !== undefined && at.isInForce(author.cert_id) && isReader(author),
    note: () => grants.some(isReader),
  }[attached.kind]();
  ensure(fits, "wrong-attachment");
}
