/** What colleagues are called here. */

import type { Colleague } from "../../../acts/staffing.ts";
import { t } from "../../../words.ts";
import { rolesName } from "./roles.ts";

type Named = Pick<Colleague, "name" | "staff" | "roles"> & Partial<Pick<Colleague, "isReplaced">>;

/** Their first name, or what tells them apart until they have given one; and which of their keys. */
export function nameOf({ name, staff, roles, isReplaced }: Named): string {
  const called = name ?? t("people.staff.unnamed", { role: rolesName(roles), id: staff.slice(0, 4) });
  return isReplaced === true ? t("people.staff.old", { name: called }) : called;
}
