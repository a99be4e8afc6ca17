/** What goes into the envelope: the sheet in English with Welsh overleaf, and the card for the words. */

import type { Sheet } from "../../../acts/staffing.ts";
import { useApp } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Qr } from "../../../parts/qr.tsx";
import { H2, P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { bothLanguages, type Spoken } from "./bilingual.ts";

const WORDS = { family: 4, staff: 6 } as const;

interface SheetsProps {
  readonly sheet: Sheet;
  readonly isForStaff: boolean;
}

export function Sheets({ sheet, isForStaff }: SheetsProps) {
  const { agency, phone } = useApp();
  const languages = useLoad(bothLanguages, []);
  const origin = isForStaff ? location.origin : (agency?.family_origin ?? "");
  const words = Array.from({ length: WORDS[isForStaff ? "staff" : "family"] }, (_, at) => at);
  if (origin === "") return <P>{t("people.sheet.noAddress")}</P>;
  return (
    <>
      <div class="no-print">
        {phone === "" ? <P>{t("people.sheet.noPhone")}</P> : null}
        <Button onClick={() => print()}>{t("people.sheet.print")}</Button>
      </div>
      <Load of={languages}>
        {(spoken) =>
          spoken.map((language) => (
            <Side
              language={language}
              sheet={sheet}
              origin={origin}
              agency={agency?.name ?? ""}
              phone={phone}
              isForStaff={isForStaff}
              key={language.lang}
            />
          ))
        }
      </Load>
      <div class="no-print">
        <H2>{t("people.wallet")}</H2>
        <P>{t("people.wallet.text")}</P>
      </div>
      <div class="p-wallet">
        <ol>
          {words.map((at) => (
            <li key={at} />
          ))}
        </ol>
      </div>
    </>
  );
}

interface SideProps extends SheetsProps {
  readonly language: Spoken;
  readonly origin: string;
  readonly agency: string;
  readonly phone: string;
}

function Side({ language, sheet, origin, agency, phone, isForStaff }: SideProps) {
  const { lang, say, day } = language;
  // Spaces between the blocks: a hyphen might be taken for part of the code.
  const code = sheet.code.replaceAll("-", " ");
  const address = `${origin}/join`;
  return (
    <section class="p-sheet" lang={lang === "cy" ? "cy" : "en-GB"}>
      <h2 class="govuk-heading-l">{say("people.sheet.title")}</h2>
      <p class="govuk-body">
        {isForStaff ? say("people.sheet.what.staff", { agency }) : say("people.sheet.what", { agency })}
      </p>
      <div class="p-sheet__code">
        <Qr text={`${address}#${code.replaceAll(" ", "")}`} label={say("people.sheet.qr")} />
        <div>
          <p class="govuk-body">
            {say("people.sheet.address")}
            <br />
            <strong>{address.replace(/^https:\/\//, "")}</strong>
          </p>
          <p class="govuk-body">{say("people.sheet.code")}</p>
          <p class="p-digits p-code">{code}</p>
        </div>
      </div>
      <ol class="govuk-list govuk-list--number">
        <li>{say("people.sheet.1")}</li>
        <li>{say("people.sheet.2")}</li>
        <li>{isForStaff ? say("people.sheet.3.staff") : say("people.sheet.3")}</li>
      </ol>
      <p class="govuk-body">{say("people.sheet.until", { day: day(sheet.expiresAt) })}</p>
      {phone === "" ? null : <p class="govuk-body">{say("people.sheet.phone", { phone })}</p>}
      {isForStaff ? null : <p class="govuk-body">{say("people.sheet.no")}</p>}
    </section>
  );
}
