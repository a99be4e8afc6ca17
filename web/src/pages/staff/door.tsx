/** The staff site's front door. */

import { signInPath } from "../../acts/session.ts";
import { useApp } from "../../app.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Inset, P } from "../../parts/text.tsx";
import { t } from "../../words.ts";
import { useOutcome } from "../outcome.ts";

export function Door() {
  const { agency, path, notice } = useApp();
  const outcome = useOutcome();
  const to = path === "/" || path === "/goodbye" ? "/desk" : path;
  return (
    <Screen title={t("common.staff.title")}>
      {notice === "signedOut" ? <Inset>{t("common.signedOut")}</Inset> : null}
      {path === "/goodbye" ? <Inset>{t("people.goodbye")}</Inset> : null}
      {outcome === null ? null : <Inset>{outcome}</Inset>}
      {agency === null ? <Inset>{t("common.door.none")}</Inset> : null}
      <a class="govuk-button" href={signInPath(to)}>
        {t("common.staff.signIn")}
      </a>
      <P>
        <a class="govuk-link" href={signInPath("/join")}>
          {t("common.staff.join")}
        </a>
      </P>
      {agency === null ? (
        <P>
          <a class="govuk-link" href={signInPath("/admin/setup")}>
            {t("common.staff.setup")}
          </a>
        </P>
      ) : null}
    </Screen>
  );
}
