/** F31: everybody who can help, and how it stays private. For anybody, signed in or not. */

import { useState } from "preact/hooks";
import { useApp } from "../../../app.tsx";
import { type FieldError, Screen } from "../../../parts/screen.tsx";
import { Details, H2, P } from "../../../parts/text.tsx";
import { rich, t } from "../../../words.ts";
import { CallBack } from "./call_back.tsx";

const OUTSIDE = {
  a: (text: string) => outside("https://www.lgo.org.uk/", text),
  b: (text: string) => outside("https://www.ombudsman.wales/", text),
} as const;
const ADVOCATE = { a: (text: string) => outside("https://www.pac-uk.org/", text) } as const;

export function Help() {
  const { phone, keys } = useApp();
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  return (
    <Screen title={t("common.help")} errors={errors}>
      <H2>{t("settings.help.call")}</H2>
      <P>{phone === "" ? t("settings.help.nobody") : <PhoneLink phone={phone} />}</P>
      {keys === null ? <P>{t("settings.help.ask")}</P> : <CallBack keys={keys} errors={errors} onErrors={setErrors} />}
      <H2>{t("settings.help.advocate")}</H2>
      <P>{t("settings.help.advocate.text")}</P>
      <P>{rich("settings.help.advocate.pac", ADVOCATE)}</P>
      <H2>{t("settings.help.unhappy")}</H2>
      <P>{t("settings.help.unhappy.text")}</P>
      <P>{rich("settings.help.unhappy.outside", OUTSIDE)}</P>
      <Details summary={t("settings.help.paper")}>
        <P>{t("settings.help.paper.text")}</P>
      </Details>
      <Details summary={t("settings.help.private")}>
        <P>{t("join.private")}</P>
        <P>{t("settings.help.private.page")}</P>
        <P>{t("settings.help.private.looked")}</P>
      </Details>
    </Screen>
  );
}

function PhoneLink({ phone }: { readonly phone: string }) {
  return (
    <a class="govuk-link" href={`tel:${phone.replace(/ /g, "")}`}>
      {t("settings.help.number", { phone })}
    </a>
  );
}

/** The other site never learns where somebody came from. */
function outside(href: string, text: string) {
  return (
    <a class="govuk-link" href={href} rel="noreferrer">
      {text}
    </a>
  );
}
