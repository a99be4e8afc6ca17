/** Names of roles, as staff and families say them. */

import type { Colleague } from "../../../acts/staffing.ts";
import { t } from "../../../words.ts";
import { isLead } from "./colleagues.ts";

const FAMILY = [
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
] as const;

/** A role that this version does not know stands for itself. */
export function roleName(role: string): string {
  const known = FAMILY.find((each) => each === role);
  return known === undefined ? role : t(`desk.role.${known}`);
}

export function staffRole(colleague: Colleague | null): string {
  return t(isLead(colleague) ? "desk.role.lead" : "desk.role.coordinator");
}

/** As the API spells it. */
export function staffRoleName(role: string): string {
  return t(role === "lead" ? "desk.role.lead" : "desk.role.coordinator");
}
