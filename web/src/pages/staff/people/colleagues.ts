/** What colleagues are called here. */

import type { Colleague } from "../../../acts/staffing.ts";
import { t } from "../../../words.ts";

/** Their first name, or what tells them apart until they have given one. */
export function nameOf({ name, staff }: Pick<Colleague, "name" | "staff">): string {
  return name ?? t("people.staff.unnamed", { id: staff.slice(0, 4) });
}
