/** C7: what was done in this sitting. Opening it sends what was still held. */

import { useEffect } from "preact/hooks";
import { queue } from "../../../acts/checking.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { ButtonLink } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import { plural, t } from "../../../words.ts";
import { colleagues } from "./colleagues.ts";
import { outbox } from "./outbox.ts";
import { OutboxLine } from "./outbox_line.tsx";
import { releaseWords } from "./release.ts";
import { serve } from "./serve.ts";
import { sittingOf, type Done as What, type Sitting } from "./sitting.ts";
import { useChanges } from "./store_hook.ts";

const ORDER: readonly What[] = ["deliver", "change", "keep", "kept", "first", "asked", "skipped"];

export function Done() {
  const keys = useKeys();
  const { agency } = useApp();
  const sitting = sittingOf(keys);
  useEffect(() => void outbox.flush(), []);
  const left = useLoad(async () => {
    await outbox.flush();
    const [waiting, { me }] = await Promise.all([queue(), colleagues(keys)]);
    const served = serve(waiting, me?.staff ?? "");
    return served.filter(({ letter }) => sitting?.isDecided(letter) !== true).length;
  }, [keys]);
  return (
    <Screen title={t("desk.done")} back="/desk">
      <OutboxLine />
      {sitting === null ? <P>{t("desk.done.nothing")}</P> : <Tally sitting={sitting} />}
      <P>{releaseWords(agency?.policy)}</P>
      <Load of={left}>
        {(n) =>
          n === 0 ? (
            <>
              <P>{t("desk.empty")}</P>
              <ButtonLink to="/desk">{t("desk.today")}</ButtonLink>
            </>
          ) : (
            <ButtonLink to="/desk/review">{t("desk.start", { n })}</ButtonLink>
          )
        }
      </Load>
    </Screen>
  );
}

/** “24 passed on, 4 need a change, 2 asked.” */
function Tally({ sitting }: { readonly sitting: Sitting }) {
  useChanges(sitting);
  const tally = sitting.tally();
  const said = ORDER.flatMap((what) => (tally[what] === 0 ? [] : [plural(`desk.tally.${what}`, tally[what])]));
  return <P>{said.length === 0 ? t("desk.done.nothing") : `${said.join(", ")}.`}</P>;
}
