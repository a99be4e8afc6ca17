/** F33: the end. */

import { useEffect } from "preact/hooks";
import { useApp } from "../../../app.tsx";
import { ButtonLink } from "../../../parts/button.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { t } from "../../../words.ts";

export function Goodbye() {
  const { session, go } = useApp();
  const isSignedIn = session !== null;
  useEffect(() => {
    // Asked for by itself, with somebody still signed in, it would not be true.
    if (isSignedIn) go("/", { replace: true });
  }, [isSignedIn]);
  if (isSignedIn) return null;
  return (
    <Screen title={t("settings.goodbye.title")}>
      <ButtonLink to="/" secondary>
        {t("settings.goodbye.again")}
      </ButtonLink>
    </Screen>
  );
}
