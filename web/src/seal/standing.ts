/** What stands after the statements a ledger has admitted so far; the rules read and change it. */

import type { Certificate, MemberHolder, StaffHolder } from "./certificate.ts";
import type { Chain } from "./chain.ts";
import { Refusal, ensure } from "./refusal.ts";
import { type Body, isOf, type Kind, type Statement } from "./statement.ts";

export type Member = Body<"arrangement">["members"][number];

/** The entry of a membership in a version of an arrangement. */
export function memberOf(version: Body<"arrangement"> | undefined, membership: string): Member | undefined {
  return version?.members.find((member) => member.membership === membership);
}

export class Standing {
  readonly statements = new Map<string, Statement>();
  agency: Statement<"agency"> | null = null;
  readonly certificates = new Map<string, Certificate>();
  /** Certificates, first halves and invites that were revoked, and certificates replaced. */
  readonly ended = new Set<string>();
  /** First halves that a second has completed. */
  readonly completed = new Set<string>();
  /** Locators. */
  readonly invites = new Set<string>();
  /** Invite statements that keys were enrolled for. */
  readonly usedInvites = new Set<string>();
  /** Who a signing key was certified for. */
  readonly keyHolders = new Map<string, StaffHolder | MemberHolder>();
  /** The person of each staff id. */
  readonly persons = new Map<string, string>();
  /** The latest certificate of each membership. */
  readonly members = new Map<string, string>();
  /** The latest version of each membership's contact point. */
  readonly contacts = new Map<string, number>();
  /** The current epoch of each team. */
  readonly epochs = new Map<string, Statement<"epoch">>();
  /** The governing version of each arrangement. */
  readonly arrangements = new Map<string, Statement<"arrangement">>();
  /** The head revision of each letter. */
  readonly letters = new Map<string, { readonly head: Statement<"submit">; withdrawn: boolean }>();
  /** By submit id. */
  readonly chains = new Map<string, Chain>();
  readonly messages = new Set<string>();
  readonly letterKeys = new Set<string>();
  /** Who has answered which revision: `submit id/membership`. */
  readonly receipts = new Set<string>();
  /** The grant by which a revision was given back to a certificate: by `submit id/certificate`. */
  readonly resealed = new Map<string, string>();

  /** A statement that is there and of the kind its place asks for. */
  get<K extends Kind>(id: string, kind: K, otherwise = "wrong-kind"): Statement<K> {
    const found = this.statements.get(id);
    if (found === undefined) throw new Refusal("missing-statement");
    ensure(isOf(found, kind), otherwise);
    return found;
  }

  requireInForce(id: string): void {
    ensure(!this.ended.has(id), "revoked");
  }

  /** Whether this is a complete certificate, neither revoked nor replaced. */
  isInForce(id: string): boolean {
    return this.certificates.has(id) && !this.ended.has(id);
  }

  certify(certificate: Certificate): void {
    this.keyHolders.set(certificate.signKey, certificate.holder);
    this.certificates.set(certificate.id, certificate);
  }
}
