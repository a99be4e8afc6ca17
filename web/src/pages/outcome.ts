/** How a sign-in that did not finish ended: the server says it in the address it leads back to. */

import { useEffect, useState } from "preact/hooks";
import { t, tKnown } from "../words.ts";

/** Why sign-in did not finish, read once from the address and taken out of it. */
export function useOutcome(): string | null {
  const [outcome] = useState(() => new URLSearchParams(location.search).get("sign-in"));
  useEffect(() => {
    if (outcome !== null) history.replaceState(null, "", location.pathname);
  }, [outcome]);
  return outcome === null ? null : (tKnown(`common.outcome.${outcome}`) ?? t("common.outcome.failed"));
}
