/** Forbidden and missing read the same. */

import { Screen } from "../parts/screen.tsx";
import { t } from "../words.ts";

export function Missing() {
  return <Screen title={t("common.hidden")}>{null}</Screen>;
}
