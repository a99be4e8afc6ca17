/** F1: the front door. */

import { signInPath } from "../../acts/session.ts";
import { useApp } from "../../app.tsx";
import { ButtonLink, Link } from "../../parts/button.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Details, Inset, P } from "../../parts/text.tsx";
import { t } from "../../words.ts";
import { useOutcome } from "../outcome.ts";

export function Door() {
  const { agency, phone, path, notice, keys } = useApp();
  const outcome = useOutcome();
  const call = phone === "" ? null : <P>{t("common.door.phone", { phone })}</P>;
  const to = path === "/" || path === "/goodbye" ? "/home" : path;
  return (
    <Screen title={t("common.door.title")}>
      {notice === "signedOut" ? <Inset>{t("common.signedOut")}</Inset> : null}
      {outcome === null || !navigator.cookieEnabled ? null : <Inset>{outcome}</Inset>}
      {navigator.cookieEnabled ? null : <Inset>{t("common.door.cookies")}</Inset>}
      {agency === null ? <Inset>{t("common.door.none")}</Inset> : null}
      {keys === null ? (
        <a class="govuk-button" href={signInPath(to)}>
          {t("common.door.signIn")}
        </a>
      ) : (
        <ButtonLink to="/home">{t("common.home")}</ButtonLink>
      )}
      <P>
        <Link to="/join">{t("common.door.code")}</Link>
      </P>
      <Details summary={t("common.door.maybe")}>
        <P>{t("common.door.maybe.text")}</P>
        {call}
      </Details>
      <Details summary={t("common.door.paper")}>
        <P>{t("common.door.paper.text")}</P>
        {call}
      </Details>
      <Details summary={t("common.door.private")}>
        <P>{t("common.door.private.text")}</P>
      </Details>
      {call}
    </Screen>
  );
}
