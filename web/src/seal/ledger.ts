/**
 * The verifying fold: statements go in one by one in log order, and what stands after them comes
 * out. Everything a ledger says has been signed by somebody entitled to say it.
 *
 * The same rules and the same refusal for the same history as `crates/seal`; the module names
 * there are `ledger/{people,arrangement,letter,decision,chain,certificate,reseal}.rs`.
 */

import { type Certificate, Signer } from "./certificate.ts";
import { type Envelope, readEnvelope, type Signed, verify } from "./envelope.ts";
import { VerifyingKey } from "./key.ts";
import type { Logged } from "./logged.ts";
import { Refusal, ensure } from "./refusal.ts";
import { realmOf } from "./root.ts";
import { admitArrangement, admitEpoch } from "./rules_arrangement.ts";
import { admitDecision } from "./rules_decision.ts";
import { admitMessage, admitReceipt, admitSubmit, admitWithdraw } from "./rules_letter.ts";
import {
  admitAgency,
  admitContact,
  admitEnrol,
  admitInvite,
  admitMember,
  admitRevoke,
  admitStaff,
} from "./rules_people.ts";
import { admitReseal } from "./rules_reseal.ts";
import { Standing } from "./standing.ts";
import { references, type Statement } from "./statement.ts";

/** Statements in log order, with the root key they claim to come from. */
export interface Proof {
  /** Public key, hex. Its hash must be the pinned realm. */
  readonly root: string;
  readonly statements: readonly Envelope[];
  /** Their places in the log; null before it has begun. */
  readonly log?: Logged | null;
}

/** Where a proof failed. */
export class ProofRefusal extends Refusal {
  constructor(
    /** Place of the refused statement, from 0. */
    readonly index: number,
    code: string,
  ) {
    super(code);
  }
}

export class Ledger {
  /** What all of it says together; to be read only. */
  readonly at = new Standing();
  private readonly root: VerifyingKey;

  /** An empty ledger for a pinned realm; `wrong-realm` if the key is not its root. */
  constructor(
    readonly realm: string,
    root: string,
  ) {
    this.root = VerifyingKey.fromHex(root);
    ensure(realmOf(root) === realm, "wrong-realm");
  }

  /** Folds a whole proof to the pinned realm, or says which statement failed. */
  static fold(realm: string, { root, statements }: Proof): Ledger {
    let index = 0;
    try {
      const ledger = new Ledger(realm, root);
      for (const envelope of statements) {
        ledger.admit(envelope);
        index += 1;
      }
      return ledger;
    } catch (error) {
      throw error instanceof Refusal ? new ProofRefusal(index, error.code) : error;
    }
  }

  /**
   * Verifies one statement against those admitted before, then admits it; a refused one leaves
   * the ledger as it was. With `untilAt` (UTC seconds) certificates and invites past their
   * `until` are refused; readers pass none, for validity in time is log order.
   */
  admit(envelope: unknown, untilAt?: number): string {
    const signed = readEnvelope(envelope);
    const { statement } = signed;
    const signer = this.signer(signed);
    verify(signed, signer.key(this.root));
    ensure(statement.body.realm === this.realm, "wrong-realm");
    ensure(!this.at.statements.has(statement.id), "repeated");
    ensure(this.at.agency !== null || statement.kind === "agency", "no-agency");
    if (statement.body.signer !== "") {
      this.at.requireInForce(statement.body.signer);
      ensure(untilAt === undefined || !signer.isPast(untilAt), "expired");
    }
    ensure(
      references(statement).every((named) => this.at.statements.has(named)),
      "missing-statement",
    );
    this.apply(signer, statement);
    this.at.statements.set(statement.id, statement);
    return statement.id;
  }

  /** Who signs, as far as the body says; nothing is verified yet. */
  private signer({ statement: { kind, body } }: Signed): Signer {
    if (body.signer === "") return new Signer("root");
    if (kind === "enrol") {
      const invite = this.at.statements.get(body.signer);
      if (invite?.kind !== "invite") throw new Refusal("unknown-signer");
      return new Signer(invite.body);
    }
    const certificate = this.at.certificates.get(body.signer);
    if (certificate === undefined) throw new Refusal("unknown-signer");
    return new Signer(certificate);
  }

  private apply(signer: Signer, statement: Statement): void {
    const { at } = this;
    switch (statement.kind) {
      case "agency":
        return admitAgency(at, signer, statement);
      case "staff":
        return admitStaff(at, signer, statement);
      case "epoch":
        return admitEpoch(at, signer, statement);
      case "invite":
        return admitInvite(at, signer, statement);
      case "enrol":
        return admitEnrol(at, statement);
      case "member":
        return admitMember(at, signer, statement);
      case "arrangement":
        return admitArrangement(at, signer, statement);
      case "submit":
        return admitSubmit(at, signer, statement);
      case "withdraw":
        return admitWithdraw(at, signer, statement);
      case "decision":
        return admitDecision(at, signer, statement);
      case "message":
        return admitMessage(at, signer, statement);
      case "reseal":
        return admitReseal(at, signer, statement);
      case "revoke":
        return admitRevoke(at, signer, statement);
      case "contact":
        return admitContact(at, signer, statement);
      case "receipt":
        return admitReceipt(at, signer, statement);
    }
  }

  /** The ids admitted, in order. */
  get ids(): string[] {
    return [...this.at.statements.keys()];
  }

  /** A verified statement. */
  statement(id: string): Statement | undefined {
    return this.at.statements.get(id);
  }

  /** The agency's current keys. */
  agency(): Statement<"agency"> | null {
    return this.at.agency;
  }

  /** A complete certificate, in force or not. The first half of one is none. */
  certificate(id: string): Certificate | undefined {
    return this.at.certificates.get(id);
  }

  isInForce(certificate: string): boolean {
    return this.at.isInForce(certificate);
  }

  governingArrangement(arrangement: string): Statement<"arrangement"> | undefined {
    return this.at.arrangements.get(arrangement);
  }

  /** The current epoch of a team. */
  epoch(team: string): Statement<"epoch"> | undefined {
    return this.at.epochs.get(team);
  }

  submit(id: string): Statement<"submit"> | undefined {
    const found = this.at.statements.get(id);
    return found?.kind === "submit" ? found : undefined;
  }

  /** The last decision on a revision, if its chain is complete. */
  finalDecision(submitId: string): Statement<"decision"> | undefined {
    const head = this.at.chains.get(submitId)?.head;
    return head?.isFinal ? head.decision : undefined;
  }
}
