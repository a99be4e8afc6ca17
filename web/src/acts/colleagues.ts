/** Everybody who works here, verified from the root. */

import { get } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { idOf, type Ledger } from "../seal/index.ts";
import { since, trusted, verified } from "./statements.ts";

/** Somebody who works here, verified from the root. */
export interface Colleague {
  readonly staff: string;
  readonly person: string;
  readonly certificate: string;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  /** First name as families see it: the server's word, for display alone. */
  readonly name: string | null;
  /** Where a team's key is sealed to for them. */
  readonly sealKey: string;
  /** Whether the same person has newer keys for the same work: these are still to be removed. */
  readonly isReplaced: boolean;
}

/** Who this person is here. Null for somebody without a certified post. */
export async function me(keys: Keys): Promise<Colleague | null> {
  const mine = keys.staff.map(({ certificate }) => certificate);
  if (mine.every((certificate) => certificate === "")) return null;
  const all = await everybody(keys);
  return all.find(({ certificate }) => mine.includes(certificate)) ?? null;
}

/** Everybody whose certificate is in force. */
export async function everybody(keys: Keys): Promise<Colleague[]> {
  const { pins } = keys;
  const all = await get<Api.Everybody>(since(pins, "/api/staff"));
  return colleaguesIn(verified(keys, all.proof, pins).ledger, all);
}

/** Everybody whose certificate is in force in a verified ledger of that proof. */
export function colleaguesIn(ledger: Ledger, { proof, staff }: Api.Everybody): Colleague[] {
  const found: Omit<Colleague, "isReplaced">[] = [];
  for (const envelope of proof.statements) {
    const certificate = ledger.certificate(trusted(() => idOf(envelope)));
    if (certificate?.holder.kind !== "staff" || !ledger.isInForce(certificate.id)) continue;
    const { staff: id, person, roles, teams: of } = certificate.holder;
    const name = staff.find((each) => each.statement === certificate.id)?.name ?? null;
    found.push({
      staff: id,
      person,
      certificate: certificate.id,
      roles,
      teams: of,
      name,
      sealKey: certificate.sealKey,
    });
  }
  return found.map((each, at) => ({
    ...each,
    isReplaced: found
      .slice(at + 1)
      .some(({ person, roles }) => person === each.person && roles.some((role) => each.roles.includes(role))),
  }));
}
