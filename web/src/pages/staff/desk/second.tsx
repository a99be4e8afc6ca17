/** What a first person decided, for the second: agree or disagree. */

import { Button } from "../../../parts/button.tsx";
import { H2, P } from "../../../parts/text.tsx";
import { dayShort, t } from "../../../words.ts";
import type { Ready } from "./ready.ts";
import { isReason } from "./reasons.ts";
import { staffRoleName } from "./roles.ts";

interface SecondProps {
  readonly ready: Ready;
  readonly agree: () => void;
  readonly disagree: () => void;
  readonly isDisagreeing: boolean;
  readonly busy: boolean;
  readonly isPaused: boolean;
  /** The whole letter was on screen. */
  readonly isRead: boolean;
  /** False where what the first person decided cannot be done any more. */
  readonly canAgree: boolean;
}

export function Second(props: SecondProps) {
  const { ready, agree, disagree, isDisagreeing, busy, isPaused, isRead, canAgree } = props;
  const first = ready.desk.decided[ready.desk.decided.length - 1];
  if (first === undefined) return null;
  const told = ready.told.find(({ statement }) => statement === first.statement);
  const name = told?.name ?? t("desk.colleague");
  const reason = told?.reason ?? "";
  return (
    <section aria-labelledby="second-title">
      <H2 id="second-title">{t("desk.second.title")}</H2>
      <P>
        {t(`desk.second.${first.outcome}`)}{" "}
        {told === undefined
          ? ""
          : t("desk.preview.by", { name, role: staffRoleName(told.role), day: dayShort(told.at) })}{" "}
        {isReason(reason) ? t("desk.preview.why", { reason: t(`desk.reason.${reason}`) }) : ""}
      </P>
      <div class="govuk-button-group">
        <Button onClick={agree} busy={busy} disabled={isPaused || !isRead || !canAgree} describedBy="second-hint">
          {t("desk.agree")}
        </Button>
        <Button kind="secondary" onClick={disagree} disabled={isPaused || isDisagreeing}>
          {t("desk.disagree")}
        </Button>
      </div>
      <p class="govuk-hint" id="second-hint" role="status">
        {isDisagreeing ? t("desk.disagree.how") : isRead ? "" : t("desk.second.read")}
      </p>
    </section>
  );
}
