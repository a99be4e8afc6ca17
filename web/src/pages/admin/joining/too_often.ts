/** The gate answers so many questions about words in an hour. */

import { ApiProblem } from "../../../api.ts";
import { t } from "../../../words.ts";

/** What somebody reads whom it has sent to wait; null for other problems. */
export function tooOften(problem: unknown): string | null {
  if (!(problem instanceof ApiProblem && problem.status === 429)) return null;
  return t("people.unlock.wait", { minutes: Math.max(1, Math.ceil((problem.retryAfter ?? 60) / 60)) });
}
