/** What this browser finds in words, said in words. */

import { flagsForChecker } from "../../../screening/index.ts";
import { t } from "../../../words.ts";
import type { Mark } from "./pieces.ts";

export function marksIn(text: string, protectedTerms: readonly string[]): Mark[] {
  return flagsForChecker(text, protectedTerms).map(({ rule, severity, start, end }) => {
    const why = t(`desk.flag.${rule}`);
    return { start, end, why: severity === "urgent" ? t("desk.flag.urgent", { why }) : why };
  });
}
