/** The code's enrolment: after the words were made, or when somebody has another code. */

import { useEffect } from "preact/hooks";
import { enrol, waiting } from "../../../acts/joining.ts";
import { ApiProblem } from "../../../api.ts";
import { useApp, useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Link } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { codeTrouble, dropCode, find, heldCode } from "./held.ts";

export function Add() {
  const keys = useKeys();
  const { phone } = useApp();
  const load = useLoad(async () => use(keys, phone), [keys]);
  return (
    <Screen title={t("join.add.title")}>
      <Load of={load}>{(outcome) => <After outcome={outcome} />}</Load>
    </Screen>
  );
}

/** Where to go on, or what is wrong with the code. */
type Outcome = { readonly to: string } | { readonly trouble: string };

async function use(keys: Keys, phone: string): Promise<Outcome> {
  const code = heldCode();
  if (code === null) return { to: "/join/waiting" };
  try {
    await enrol(keys, await find(code));
  } catch (error) {
    // Used by this very account, whose answer was lost on the way: then it is waiting.
    const isMine = error instanceof ApiProblem && error.status === 410 && (await waiting(keys)).length > 0;
    const trouble = isMine ? null : codeTrouble(error, phone);
    if (!isMine && trouble === null) throw error;
    if (trouble !== null) return { trouble };
  }
  dropCode();
  return { to: "/join/messages" };
}

function After({ outcome }: { readonly outcome: Outcome }) {
  const { go } = useApp();
  const to = "to" in outcome ? outcome.to : null;
  useEffect(() => {
    if (to !== null) go(to, { replace: true });
  }, [to]);
  if (!("trouble" in outcome)) return null;
  return (
    <>
      <P>{outcome.trouble}</P>
      <P>
        <Link to="/join">{t("join.add.other")}</Link>
      </P>
    </>
  );
}
