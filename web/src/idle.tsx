/** An open letterbox locks itself after a quarter of an hour without anybody there. */

import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "./words.ts";
import { Button } from "./parts/button.tsx";

const MINUTE = 60_000;
const WARN_AFTER = 13 * MINUTE;
const LOCK_AFTER = 15 * MINUTE;
const SIGNS = ["pointerdown", "keydown", "scroll"] as const;

/** Watches for signs of somebody, asks after 13 minutes without one, and calls `lock` after 15. */
export function Idle({ lock }: { readonly lock: () => void }) {
  const [asking, setAsking] = useState(false);
  // Kept apart from what is shown: asking must not begin the quarter of an hour anew.
  const seen = useRef(Date.now());
  const isAsked = useRef(false);
  useEffect(() => {
    const sign = () => {
      // Once the question is up, only an answer to it counts: a bump in a pocket is nobody.
      if (!isAsked.current) seen.current = Date.now();
    };
    // Looks at the clock, not at elapsed timers: a phone that slept must lock when it wakes.
    const look = () => {
      const quiet = Date.now() - seen.current;
      if (quiet >= LOCK_AFTER) lock();
      else if (quiet >= WARN_AFTER && !isAsked.current) setAsking((isAsked.current = true));
    };
    const timer = setInterval(look, 5_000);
    for (const kind of SIGNS) addEventListener(kind, sign, { passive: true, capture: true });
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      for (const kind of SIGNS) removeEventListener(kind, sign, { capture: true });
      document.removeEventListener("visibilitychange", look);
    };
  }, [lock]);
  const stay = () => {
    seen.current = Date.now();
    isAsked.current = false;
    setAsking(false);
  };
  if (!asking) return null;
  return <Question stay={stay} />;
}

function Question({ stay }: { readonly stay: () => void }) {
  useEffect(() => {
    const before = document.activeElement;
    document.getElementById("idle-stay")?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <div class="p-idle no-print" role="alertdialog" aria-labelledby="idle-title" aria-describedby="idle-text">
      <h2 class="govuk-heading-m" id="idle-title">
        {t("common.idle")}
      </h2>
      <p class="govuk-body" id="idle-text">
        {t("common.idle.text")}
      </p>
      <Button id="idle-stay" onClick={stay}>
        {t("common.idle.stay")}
      </Button>
    </div>
  );
}
