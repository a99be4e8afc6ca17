/** Roles, sides and states in words. */

import type { FamilyRole } from "../../../acts/arranging.ts";
import type { StaffRole } from "../../../acts/staffing.ts";
import { t, type Key } from "../../../words.ts";

const ROLES: Readonly<Record<string, Key>> = {
  "adoptive-parent": "people.role.adoptive-parent",
  "special-guardian": "people.role.special-guardian",
  "kinship-carer": "people.role.kinship-carer",
  "adopted-person": "people.role.adopted-person",
  "birth-parent": "people.role.birth-parent",
  grandparent: "people.role.grandparent",
  sibling: "people.role.sibling",
  "other-relative": "people.role.other-relative",
  "former-carer": "people.role.former-carer",
  "significant-person": "people.role.significant-person",
  coordinator: "people.role.coordinator",
  lead: "people.role.lead",
  administrator: "people.role.administrator",
  auditor: "people.role.auditor",
  records: "people.role.records",
};

export const FAMILY: readonly FamilyRole[] = [
  "adoptive-parent",
  "special-guardian",
  "kinship-carer",
  "adopted-person",
  "birth-parent",
  "grandparent",
  "sibling",
  "other-relative",
  "former-carer",
  "significant-person",
];

/** Those a new agency needs first come first. */
export const STAFF: readonly StaffRole[] = ["coordinator", "lead", "administrator", "auditor", "records"];

/** Null for a role this site does not know. */
export function familyRole(role: string): FamilyRole | null {
  return FAMILY.find((each) => each === role) ?? null;
}

export function staffRole(role: string): StaffRole | null {
  return STAFF.find((each) => each === role) ?? null;
}

export const SIDES = ["a", "b", "c", "d", "e", "f"] as const;

/** A role this site has no word for yet is shown as the server spells it. */
export function roleName(role: string): string {
  const key = ROLES[role];
  return key === undefined ? role : t(key);
}

export function rolesName(roles: readonly string[]): string {
  return roles.map(roleName).join(", ");
}

export function sideName(side: string): string {
  return t("people.side", { side: side.toUpperCase() });
}

const STATES: Readonly<Record<string, Key>> = {
  draft: "people.state.draft",
  active: "people.state.active",
  paused: "people.state.paused",
  ended: "people.state.ended",
};

export function stateName(state: string): string {
  const key = STATES[state];
  return key === undefined ? state : t(key);
}
