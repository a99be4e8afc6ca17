/** F2: once on each device, before Exit first appears. */

import { useApp } from "../../app.tsx";
import { Button } from "../../parts/button.tsx";
import { Screen } from "../../parts/screen.tsx";
import { P } from "../../parts/text.tsx";
import { t } from "../../words.ts";

export function Safety() {
  const { path, go, understood } = useApp();
  const next = () => {
    understood();
    // Asked for by itself, it leads back to the door; before another page, to that page.
    if (path === "/safety") go("/", { replace: true });
  };
  return (
    <Screen title={t("common.safety.title")}>
      <P>{t("common.safety.leave")}</P>
      <P>{t("common.safety.lock")}</P>
      <P>{t("common.safety.history")}</P>
      <Button onClick={next}>{t("common.safety.understand")}</Button>
    </Screen>
  );
}
