/** F11: opening the letterbox. It is shown in place: the address stays that of the page behind it. */

import { useEffect, useRef, useState } from "preact/hooks";
import { canUsePasskey, openWithDevice, waysToOpen } from "../../../acts/opening.ts";
import type { Session } from "../../../acts/session.ts";
import { useApp } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Load, useLoad, Waiting } from "../../../parts/load.tsx";
import { type FieldError, Screen } from "../../../parts/screen.tsx";
import { Inset } from "../../../parts/text.tsx";
import { keepOpensHere, opensHere } from "../../../store.ts";
import { t } from "../../../words.ts";
import { Offer } from "./offer.tsx";
import { wasRight } from "./tries.ts";
import { UnlockForm } from "./unlock_form.tsx";

/** An easier way is offered after this many openings with words. */
const OFFER_AFTER = 2;

export function Unlock() {
  const { session, keys, go, path } = useApp();
  // In the place of another page it gives way by itself.
  const next = path !== "/unlock" ? null : session?.new === true ? "/join" : keys !== null ? "/home" : null;
  useEffect(() => {
    if (next !== null) go(next, { replace: true });
  }, [next]);
  return next === null && session !== null ? <Locked session={session} /> : null;
}

function Locked({ session }: { readonly session: Session }) {
  const { notice, opened } = useApp();
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [offered, setOffered] = useState<{ readonly keys: Keys; readonly canLock: boolean } | null>(null);
  // Wiped if somebody leaves before the letterbox was really opened.
  const inHand = useRef<Keys | null>(null);
  useEffect(() => () => inHand.current?.wipe(), []);

  const enter = async (keys: Keys) => {
    inHand.current = null;
    wasRight();
    try {
      await opened(keys);
    } catch (error) {
      inHand.current = keys;
      throw error;
    }
  };
  const byWords = async (keys: Keys) => {
    inHand.current = keys;
    if (!isTimeToOffer(session.account)) return enter(keys);
    keepOpensHere(session.account, "asked");
    const [ways, canLock] = await Promise.all([waysToOpen(), canUsePasskey()]);
    if (ways.passkey || ways.device) await enter(keys);
    else setOffered({ keys, canLock });
  };

  const isLockedAgain = notice === "locked";
  const start = useLoad(async () => {
    // A phone that remembers opens by itself, but not what was locked a moment ago.
    const keys = isLockedAgain ? null : await openWithDevice(session).catch(() => null);
    if (keys === null) return waysToOpen();
    await enter(keys);
    return null;
  }, [session.account]);

  if (offered !== null) {
    const back = () => {
      offered.keys.wipe();
      inHand.current = null;
      setOffered(null);
    };
    return <Offer {...offered} onDone={() => enter(offered.keys)} onAway={back} />;
  }
  return (
    <Screen title={t("settings.unlock.title")} errors={errors}>
      {isLockedAgain ? <Inset>{t("common.locked")}</Inset> : null}
      <Load of={start} waiting={t("settings.unlock.opening")}>
        {(ways) =>
          ways === null ? (
            <Waiting text={t("settings.unlock.opening")} />
          ) : (
            <UnlockForm
              session={session}
              ways={ways}
              errors={errors}
              onErrors={setErrors}
              byWords={byWords}
              otherwise={enter}
            />
          )
        }
      </Load>
    </Screen>
  );
}

/** Counts this opening. */
function isTimeToOffer(account: string): boolean {
  const before = opensHere(account);
  if (before === "asked") return false;
  // Where nothing can be counted, nothing is offered: Settings has it all.
  return keepOpensHere(account, before + 1) && before + 1 >= OFFER_AFTER;
}
