/**
 * Giving letters back to somebody who lost their keys and was certified anew: one person of the team
 * says so; another opens the letter's key with the team's and seals it to the new certificate.
 */

import { get, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { type Body, type Fields, isOf, type Ledger } from "../seal/index.ts";
import { governingVersion, openOnDesk, pick } from "./desk.ts";
import type { Grant } from "./sealing.ts";
import { pinLog, since, trust, trusted, verified } from "./statements.ts";

/** A letter that somebody had, or wrote, and cannot open with their new keys. */
export type LostLetter = Api.LostLetter;
/** How many letters wait for a second person, and whose they are. */
export type ToGiveBack = Api.ProposedReseals;
type Reason = Body<"reseal">["reason"];

/** Oldest first; nothing for somebody who has the keys they always had. */
export function lostLetters(membership: string): Promise<LostLetter[]> {
  return get<LostLetter[]>(`/api/memberships/${membership}/lost-letters`);
}

/** What a first person would give back in this person's teams. */
export function toGiveBack(): Promise<ToGiveBack[]> {
  return get<ToGiveBack[]>("/api/reseals");
}

/** Says that a letter is to be given back to the keys that a membership has now. */
export async function proposeGivingBack(
  keys: Keys,
  lost: LostLetter,
  membership: string,
  reason: Reason,
): Promise<string> {
  const before = keys.pins;
  const proof = await get<Api.Proof>(since(before, `/api/letters/${lost.letter}/proof`));
  const { ledger, log } = verified(keys, proof, before);
  const { decision, submit } = finalOn(ledger, lost);
  const version = governingVersion(keys, ledger, submit.arrangement);
  const place = version.body.members.find((each) => each.membership === membership);
  trust(place?.cert_id === lost.certificate, "wrong-certificate");
  await pinLog(keys, log);
  return handIn(keys, ledger, {
    decision_id: decision,
    membership,
    cert_id: lost.certificate,
    grant_hash: "",
    reason,
    prior: "",
  });
}

/**
 * Agrees with a colleague, in whose statement everything is verified once more. That the letter's key
 * was opened goes on record first. Throws CannotOpen.
 */
export async function agreeToGiveBack(keys: Keys, lost: LostLetter, membership: string): Promise<string> {
  const desk = await openOnDesk(keys, lost.letter, "reseal");
  const { ledger, grantTo } = pick(desk);
  const first = ledger.statement(lost.first?.statement ?? "");
  trust(first !== undefined && isOf(first, "reseal"), "missing-statement");
  const { v: _, realm: __, signer: ___, ...said } = first.body;
  trust(desk.statement === lost.statement && finalOn(ledger, lost).decision === said.decision_id, "other-letter");
  trust(said.membership === membership && said.cert_id === lost.certificate, "wrong-certificate");
  const grant = await grantTo(said.membership, said.cert_id);
  return handIn(keys, ledger, { ...said, grant_hash: grant.hash, prior: first.id }, grant);
}

/** The final decision on a letter, which is the one that was asked for. */
function finalOn(ledger: Ledger, { letter, statement }: LostLetter) {
  const submit = ledger.submit(statement)?.body;
  const decision = ledger.finalDecision(statement)?.id;
  trust(submit?.letter === letter && decision !== undefined, "other-letter");
  return { submit, decision };
}

/** Signs and sends; nothing leaves that the rules would refuse. */
async function handIn(keys: Keys, ledger: Ledger, fields: Fields<"reseal">, grant?: Grant): Promise<string> {
  const statement = keys.sign("staff", "reseal", fields);
  const id = trusted(() => ledger.admit(statement));
  await post("/api/reseals", { statement, grant: grant?.encoded ?? null });
  return id;
}
