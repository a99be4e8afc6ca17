/** Certificates: a key, whose it is, and what it may sign. */

import { VerifyingKey } from "./key.ts";
import { Refusal, ensure } from "./refusal.ts";
import type { Body } from "./statement.ts";

/** Somebody of the agency. `person` is what "distinct persons" counts. */
export interface StaffHolder {
  readonly kind: "staff";
  readonly staff: string;
  readonly person: string;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
}

/** One person in one arrangement. */
export interface MemberHolder {
  readonly kind: "member";
  readonly membership: string;
  readonly arrangement: string;
  readonly role: string;
}

/** A complete certificate, signed by everybody who must. */
export interface Certificate {
  /** Its statement: the second half's, where two persons signed. */
  readonly id: string;
  readonly holder: StaffHolder | MemberHolder;
  readonly signKey: string;
  readonly sealKey: string;
  /** UTC seconds; 0 for no end. */
  readonly until: number;
  /** Teams whose staff certified a member; empty for staff. */
  readonly certifiedFor: readonly string[];
}

/** Checks letters and keeps arrangements. */
export const CHECKERS: readonly string[] = ["coordinator", "lead"];
/** Manages a team. */
export const LEADS: readonly string[] = ["lead"];
/** Invites and countersigns staff. */
export const MANAGERS: readonly string[] = ["lead", "administrator"];

export function holdsAny(staff: StaffHolder, roles: readonly string[]): boolean {
  return staff.roles.some((role) => roles.includes(role));
}

/** Whose key a statement was signed with: the root, a printed code or a certificate. */
export class Signer {
  constructor(private readonly who: "root" | Body<"invite"> | Certificate) {}

  get isRoot(): boolean {
    return this.who === "root";
  }

  private get certificate(): Certificate | null {
    return this.who !== "root" && "holder" in this.who ? this.who : null;
  }

  key(root: VerifyingKey): VerifyingKey {
    if (this.who === "root") return root;
    return VerifyingKey.fromHex("holder" in this.who ? this.who.signKey : this.who.invite_key);
  }

  /** Whether its `until` has passed at `now`, UTC seconds. */
  isPast(now: number): boolean {
    return this.who !== "root" && this.who.until !== 0 && this.who.until <= now;
  }

  /** The member of staff who signs; nobody else may. */
  staff(): StaffHolder {
    const holder = this.certificate?.holder;
    if (holder?.kind !== "staff") throw new Refusal("not-entitled");
    return holder;
  }

  /** The member who signs, or null. */
  memberOrNone(): (MemberHolder & { readonly certificate: string }) | null {
    const certificate = this.certificate;
    return certificate?.holder.kind === "member"
      ? { ...certificate.holder, certificate: certificate.id }
      : null;
  }

  /** The member who signs, and their certificate; nobody else may. */
  member(): MemberHolder & { readonly certificate: string } {
    const member = this.memberOrNone();
    ensure(member !== null, "not-entitled");
    return member;
  }

  /** Staff who hold one of the roles, in this team if one is given. */
  staffWho(roles: readonly string[], team?: string): StaffHolder {
    const staff = this.staff();
    ensure(holdsAny(staff, roles) && (team === undefined || staff.teams.includes(team)), "not-entitled");
    return staff;
  }
}
