/** F30: messages, words, phone lock, language, sign out everywhere. */

import { useState } from "preact/hooks";
import { canUsePasskey, waysToOpen } from "../../../acts/opening.ts";
import { useApp, useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Button, Link } from "../../../parts/button.tsx";
import { Radios } from "../../../parts/form.tsx";
import { Load, Problem, useAction, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, P } from "../../../parts/text.tsx";
import { type Lang, t } from "../../../words.ts";
import { PhoneLock, ThisPhone } from "./easier.tsx";

export function Settings() {
  const { lang, setLang, signOut } = useApp();
  const leave = useAction(() => signOut(true));
  return (
    <Screen title={t("common.settings")} back="/home">
      <ul class="p-list">
        <li>
          <Link to="/settings/messages">{t("settings.messages")}</Link>
        </li>
        <li>
          <Link to="/settings/words">{t("settings.words")}</Link>
        </li>
        <li>
          <Link to="/plan">{t("settings.plan")}</Link>
        </li>
        <li>
          <Link to="/who-looked">{t("settings.looked")}</Link>
        </li>
      </ul>
      <Easier />
      <Radios<Lang>
        id="language"
        legend={t("common.language")}
        options={[
          { value: "en", label: "English", lang: "en" },
          { value: "cy", label: "Cymraeg", lang: "cy" },
        ]}
        value={lang}
        onChange={setLang}
      />
      <H2>{t("settings.everywhere")}</H2>
      <P>{t("settings.everywhere.text")}</P>
      <Problem of={leave.problem} again={leave.run} />
      <Button kind="warning" onClick={leave.run} busy={leave.busy}>
        {t("settings.everywhere")}
      </Button>
    </Screen>
  );
}

function Easier() {
  const keys = useKeys();
  const load = useLoad(async () => {
    const [ways, canLock] = await Promise.all([waysToOpen(), canUsePasskey()]);
    return { ...ways, canLock };
  }, [keys]);
  return <Load of={load}>{(found) => <Ways found={found} keys={keys} />}</Load>;
}

interface Found {
  readonly passkey: boolean;
  readonly device: boolean;
  readonly canLock: boolean;
}

/** Each button stays where it is and keeps the focus when what it does has changed. */
function Ways({ found, keys }: { readonly found: Found; readonly keys: Keys }) {
  const [hasLock, setHasLock] = useState(found.passkey);
  const [isKnown, setIsKnown] = useState(found.device);
  return (
    <>
      <H2>{t("settings.lock")}</H2>
      {hasLock || found.canLock ? (
        <PhoneLock keys={keys} isOn={hasLock} onChange={() => setHasLock(!hasLock)} />
      ) : (
        <P>{t("settings.cannot")}</P>
      )}
      <H2>{t("settings.device")}</H2>
      <ThisPhone keys={keys} isOn={isKnown} onChange={() => setIsKnown(!isKnown)} />
    </>
  );
}
