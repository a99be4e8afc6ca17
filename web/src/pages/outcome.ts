/** How a sign-in that did not finish ended: the server says it in the address it leads back to. */

import { useEffect, useState } from "preact/hooks";
import type { Key } from "../words.ts";

/** What a sign-in that did not finish says on the way back; any other word is a failure too. */
const OUTCOMES: Readonly<Record<string, Key>> = {
  expired: "common.door.expired",
  declined: "common.door.declined",
  away: "common.door.away",
  busy: "common.door.busy",
};

/** Why sign-in did not finish, read once from the address and taken out of it. */
export function useOutcome(): Key | null {
  const [outcome] = useState(() => new URLSearchParams(location.search).get("sign-in"));
  useEffect(() => {
    if (outcome !== null) history.replaceState(null, "", location.pathname);
  }, [outcome]);
  return outcome === null ? null : (OUTCOMES[outcome] ?? "common.door.failed");
}
