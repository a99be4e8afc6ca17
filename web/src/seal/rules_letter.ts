/** What members send: letters, letters taken back, messages, receipts. */

import type { Signer } from "./certificate.ts";
import { ensure } from "./refusal.ts";
import { grantOf } from "./rules_reseal.ts";
import { memberOf, type Standing } from "./standing.ts";
import type { Statement } from "./statement.ts";

export function admitSubmit(at: Standing, signer: Signer, statement: Statement<"submit">): void {
  const { body } = statement;
  const member = signer.member();
  ensure(member.membership === body.author, "wrong-author");
  const version = at.get(body.arrangement_id, "arrangement");
  ensure(
    member.arrangement === body.arrangement && version.body.arrangement === body.arrangement,
    "wrong-arrangement",
  );
  requireGoverning(at, version);
  const author = memberOf(version.body, body.author);
  ensure(author !== undefined && author.cert_id === member.certificate, "not-a-member");
  ensure(author.write, "no-write-right");
  for (const reader of body.to) {
    const entry = memberOf(version.body, reader);
    ensure(entry !== undefined && entry.read && entry.side !== author.side, "wrong-reader");
  }
  ensure(body.team === version.body.team, "wrong-team");
  requireEpoch(at, body.epoch_id, body.team);
  requireRevision(at, statement);
  ensure(!at.letterKeys.has(body.key_hash), "key-reused");
  at.letterKeys.add(body.key_hash);
  at.letters.set(body.letter, { head: statement, withdrawn: false });
}

/** The revision follows the head of its letter, which was to be changed. */
function requireRevision(at: Standing, { body }: Statement<"submit">): void {
  const letter = at.letters.get(body.letter);
  if (letter === undefined) {
    ensure(body.rev === 1, "wrong-revision");
    return;
  }
  const { head, withdrawn } = letter;
  ensure(head.body.author === body.author && head.body.arrangement === body.arrangement, "wrong-author");
  ensure(body.rev === head.body.rev + 1 && body.prev === head.id, "wrong-revision");
  ensure(!withdrawn, "withdrawn");
  const last = at.chains.get(head.id)?.head;
  ensure(last?.isFinal === true && last.decision.body.outcome === "change", "revision-not-asked");
}

export function admitWithdraw(at: Standing, signer: Signer, { body }: Statement<"withdraw">): void {
  const member = signer.member();
  const submit = at.get(body.submit_id, "submit").body;
  ensure(submit.author === member.membership, "wrong-author");
  const letter = at.letters.get(body.letter);
  ensure(submit.letter === body.letter && letter?.head.id === body.submit_id, "not-head");
  ensure(!letter.withdrawn, "withdrawn");
  ensure(!at.chains.has(body.submit_id), "already-decided");
  letter.withdrawn = true;
}

export function admitMessage(at: Standing, signer: Signer, statement: Statement<"message">): void {
  const { body, id } = statement;
  const member = signer.member();
  ensure(member.arrangement === body.arrangement, "wrong-arrangement");
  requireEpoch(at, body.epoch_id, at.arrangements.get(body.arrangement)?.body.team);
  const lookedAt = body.about === "look" ? requireLook(at, statement, member.membership) : null;
  if (body.about !== "look") requireSubject(at, statement);
  ensure(!at.messages.has(body.message), "repeated");
  ensure(!at.letterKeys.has(body.key_hash), "key-reused");
  at.messages.add(body.message);
  at.letterKeys.add(body.key_hash);
  if (lookedAt !== null) at.chains.get(lookedAt)?.reopen(id);
}

/** The subject belongs to the arrangement the message is written in. */
function requireSubject(at: Standing, { body }: Statement<"message">): void {
  if (body.subject_id === "") return;
  const subject = at.statements.get(body.subject_id);
  const arrangement = (() => {
    switch (subject?.kind) {
      case "submit":
      case "arrangement":
        return subject.body.arrangement;
      case "decision":
        return at.get(subject.body.arrangement_id, "arrangement").body.arrangement;
      default:
        return undefined;
    }
  })();
  ensure(arrangement === body.arrangement, "wrong-subject");
}

/**
 * Another look may be asked for by the author, at the final decision on the head revision, unless
 * it was to deliver. Returns the submit id.
 */
function requireLook(at: Standing, { body }: Statement<"message">, author: string): string {
  const { outcome, submit_id } = at.get(body.subject_id, "decision", "wrong-subject").body;
  const submit = at.get(submit_id, "submit").body;
  const chain = at.chains.get(submit_id);
  const may = submit.author === author && submit.arrangement === body.arrangement && outcome !== "deliver";
  const isHead = at.letters.get(submit.letter)?.head.id === submit_id;
  const reopenable =
    chain?.reopenedBy === null && chain.head?.isFinal === true && chain.head.decision.id === body.subject_id;
  ensure(may && isHead && reopenable, "wrong-subject");
  return submit_id;
}

export function admitReceipt(at: Standing, signer: Signer, { body }: Statement<"receipt">): void {
  const member = signer.member();
  at.get(body.submit_id, "submit");
  const granted = grantOf(at, body.submit_id, member.membership, member.certificate, false);
  ensure(granted !== undefined, "not-entitled");
  const answered = `${body.submit_id}/${member.membership}`;
  ensure(!at.receipts.has(answered), "repeated");
  at.receipts.add(answered);
}

/** The epoch is its team's current one, and the team is the one expected. */
function requireEpoch(at: Standing, epochId: string, team: string | undefined): void {
  const epoch = at.get(epochId, "epoch");
  ensure(team === undefined || team === epoch.body.team, "wrong-team");
  ensure(at.epochs.get(epoch.body.team)?.id === epochId, "stale-epoch");
}

/** The version is the governing one of its arrangement. */
export function requireGoverning(at: Standing, version: Statement<"arrangement">): void {
  ensure(at.arrangements.get(version.body.arrangement)?.id === version.id, "stale-arrangement");
}
