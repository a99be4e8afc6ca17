/** F12: the words are lost. Works before the letterbox is open. */

import { useState } from "preact/hooks";
import { renew } from "../../../acts/joining.ts";
import { askForNewWords, newWordsAsked } from "../../../acts/opening.ts";
import type { Agency } from "../../../acts/session.ts";
import { useApp } from "../../../app.tsx";
import { Button, Link } from "../../../parts/button.tsx";
import { Load, Problem, useAction, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, Inset, P } from "../../../parts/text.tsx";
import { rich, t, when } from "../../../words.ts";

export function Forgot() {
  const before = useLoad(newWordsAsked, []);
  const [asked, setAsked] = useState<string | null>(null);
  // Once they are asked for it is another page, which begins at its heading.
  return (
    <Screen title={t("settings.forgot.title")} back="/unlock" key={asked}>
      <Load of={before}>
        {(at) => {
          const when = asked ?? at;
          return when === null ? <Ask onAsked={setAsked} /> : <Asked at={when} />;
        }}
      </Load>
    </Screen>
  );
}

function Ask({ onAsked }: { readonly onAsked: (at: string) => void }) {
  const ask = useAction(async () => {
    await askForNewWords();
    onAsked((await newWordsAsked()) ?? new Date().toISOString());
  });
  return (
    <>
      <ol class="govuk-list govuk-list--number govuk-list--spaced">
        <li>{t("settings.forgot.card")}</li>
        <li>{t("settings.forgot.lock")}</li>
        <li>{t("settings.forgot.ask")}</li>
      </ol>
      <P>
        {t("settings.forgot.then")} <Kept />
      </P>
      <Problem of={ask.problem} again={ask.run} />
      <Button onClick={ask.run} busy={ask.busy}>
        {t("settings.forgot.ask")}
      </Button>
      <P>
        <Link to="/unlock">{t("settings.forgot.found")}</Link>
      </P>
    </>
  );
}

function Asked({ at }: { readonly at: string }) {
  const { agency, go, refreshSession } = useApp();
  const come = useAction(async () => {
    // Whoever has used the code already goes on with the new words.
    if (!(await renew())) return go("/join");
    await refreshSession();
    go("/join/waiting");
  });
  return (
    <>
      <Inset>{t("settings.forgot.asked", { when: when(at) })}</Inset>
      <H2>{t("settings.forgot.next")}</H2>
      <ol class="govuk-list govuk-list--number govuk-list--spaced">
        <li>{t("settings.forgot.then")}</li>
        <li>{t("settings.forgot.next.agree")}</li>
        <li>{t("settings.forgot.next.code", { n: daysToWait(agency) })}</li>
        <li>{t("settings.forgot.next.told")}</li>
      </ol>
      <P>
        <Kept />
      </P>
      <Problem of={come.problem} again={come.run} />
      <Button kind="secondary" onClick={come.run} busy={come.busy}>
        {t("settings.forgot.come")}
      </Button>
      <P>
        <Link to="/unlock">{t("settings.forgot.found")}</Link>
      </P>
    </>
  );
}

/** Never only a threat: what is lost and what is not are said together. */
function Kept() {
  return <>{rich("settings.forgot.keep", { i: (text) => <em>{text}</em> })}</>;
}

/** The agency's own rule, which travels as open JSON; the national one where it has none, and never less. */
function daysToWait(agency: Agency | null): number {
  const notices = agency?.policy["notices"] as { readonly recovery_hours?: number } | undefined;
  return Math.ceil(Math.max(notices?.recovery_hours ?? 0, 72) / 24);
}
