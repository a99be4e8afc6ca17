/** F10: the end of joining. */

import { ButtonLink } from "../../../parts/button.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { t } from "../../../words.ts";

export function Done() {
  return (
    <Screen title={t("join.done.title")}>
      <ButtonLink to="/home">{t("join.done.home")}</ButtonLink>
    </Screen>
  );
}
