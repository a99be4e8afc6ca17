/** What colleagues are called here. */

import type { Colleague } from "../../../acts/staffing.ts";
import { t } from "../../../words.ts";
import { rolesName } from "./roles.ts";

/** Their first name, or what tells them apart until they have given one. */
export function nameOf({ name, staff, roles }: Pick<Colleague, "name" | "staff" | "roles">): string {
  return name ?? t("people.staff.unnamed", { role: rolesName(roles), id: staff.slice(0, 4) });
}
