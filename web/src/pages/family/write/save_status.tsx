/** Where the draft is kept: always on screen, and said aloud at most once a minute. */

import { useEffect, useRef, useState } from "preact/hooks";
import { clock, t } from "../../../words.ts";
import type { Saved } from "./use_saving.ts";

const MINUTE = 60_000;

export function SaveStatus({ saved }: { readonly saved: Saved | null }) {
  const words = saved === null ? "" : wordsFor(saved);
  const aloud = useSeldom(words);
  return (
    <>
      <p class="govuk-body-s p-status" aria-hidden="true">
        {words}
      </p>
      <p class="govuk-visually-hidden" role="status">
        {aloud}
      </p>
    </>
  );
}

function wordsFor({ where, at }: Saved): string {
  switch (where) {
    case "server":
      return t("write.saved", { clock: clock(at) });
    case "device":
      return t("write.saved.here");
    case "memory":
      return t("write.saved.nowhere");
    case "failed":
      return t("write.saved.not");
  }
}

/** `words` as they change, but not sooner than a minute after they last did. */
function useSeldom(words: string): string {
  const [said, setSaid] = useState("");
  const last = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (words === "" || words === said) return undefined;
    const timer = setTimeout(
      () => {
        last.current = Date.now();
        setSaid(words);
      },
      Math.max(0, last.current + MINUTE - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [words, said]);
  return said;
}
