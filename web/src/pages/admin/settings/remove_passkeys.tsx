/** Taking passkeys out of use: a security key gets lost, a computer is handed on. */

import { removePasskeys, waysToOpen } from "../../../acts/opening.ts";
import { Button } from "../../../parts/button.tsx";
import { useAction } from "../../../parts/load.tsx";
import { H2, P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useSteadyLoad } from "../../staff/people/focus.ts";
import { Trouble } from "../../staff/people/trouble.tsx";

/** Nothing while there is none. */
export function RemovePasskeys({ onRemoved }: { readonly onRemoved: () => void }) {
  const ways = useSteadyLoad(waysToOpen, []);
  const removal = useAction(async () => {
    await removePasskeys();
    ways.again();
    onRemoved();
  });
  if (ways.state !== "here" || !ways.data.passkey) return null;
  return (
    <>
      <H2>{t("people.passkeys")}</H2>
      <P>{t("people.passkeys.text")}</P>
      <Trouble of={removal.problem} again={removal.run} />
      <Button kind="secondary" onClick={removal.run} busy={removal.busy}>
        {t("people.passkeys.remove")}
      </Button>
    </>
  );
}
