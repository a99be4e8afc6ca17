/** Who checks a letter that is sent today, and by when. The exact day comes once it is sent. */

import { today } from "../../../acts/clock.ts";
import { P } from "../../../parts/text.tsx";
import { dayLong, t } from "../../../words.ts";
import { useAgencyName, usePolicy } from "../names.ts";
import { addWorkingDays, turnaround } from "../working_days.ts";

export function ByWhen() {
  const agency = useAgencyName();
  const policy = usePolicy();
  const day = dayLong(addWorkingDays(today(), turnaround(policy), policy));
  return (
    <>
      <P>{t("write.check.worker", { agency })}</P>
      <P>{t("write.check.by", { day })}</P>
    </>
  );
}
