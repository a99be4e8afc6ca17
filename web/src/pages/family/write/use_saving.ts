/** A draft on the page: what is written, where it is kept, and what another phone wrote meanwhile. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Draft, Elsewhere, saveDraft } from "../../../acts/drafts.ts";
import type { Keys } from "../../../keys.ts";
import { beforeLock } from "../../../leaving.ts";
import { plainText } from "../../../seal/letter.ts";
import { saver } from "./saver.ts";

export interface Saved {
  /** `failed`: the server would not take it, and it is tried again. */
  readonly where: "server" | "device" | "memory" | "failed";
  readonly at: string;
}

export interface Saving {
  readonly text: string;
  /** Null until the first save from this page. */
  readonly saved: Saved | null;
  /** What went wrong with the newest save, for "Try again". */
  readonly problem: unknown;
  /** Another phone was first; null when it took the letter away. Undefined: none was. */
  readonly theirs: Draft | null | undefined;
  write(text: string, cursor: number): void;
  /** Whether everything that was written is kept somewhere. */
  flush(): Promise<boolean>;
  /** Answers the question about another phone with the words to keep. */
  settle(text: string): void;
}

export function useSaving(keys: Keys, draft: Draft): Saving {
  const [text, setText] = useState(draft.text);
  const [saved, setSaved] = useState<Saved | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [theirs, setTheirs] = useState<Draft | null | undefined>(undefined);
  // What a save takes is what is there when it runs.
  const now = useRef({
    text: draft.text,
    cursor: draft.cursor ?? draft.text.length,
    isAsking: false,
    isKept: true,
  });

  const saves = useMemo(
    () =>
      saver(async () => {
        const { text: written, cursor, isAsking } = now.current;
        if (isAsking) return;
        const at = new Date().toISOString();
        try {
          const where = await saveDraft(keys, { ...draft, text: plainText(written), cursor, savedAt: at });
          now.current.isKept = where !== "memory";
          setProblem(null);
          setSaved({ where, at });
          // Without a network it waits here; it goes to the server when there is one again.
          if (where !== "server") saves.typed();
        } catch (error) {
          now.current.isKept = false;
          if (error instanceof Elsewhere) {
            now.current.isAsking = true;
            setTheirs(error.theirs);
            return;
          }
          setProblem(error);
          setSaved({ where: "failed", at });
          throw error;
        }
      }),
    [keys, draft],
  );

  useEffect(() => {
    const hidden = () => {
      if (document.hidden) void saves.flush();
    };
    const back = () => void saves.flush();
    const forget = beforeLock(() => saves.flush());
    document.addEventListener("visibilitychange", hidden);
    addEventListener("online", back);
    return () => {
      forget();
      removeEventListener("online", back);
      document.removeEventListener("visibilitychange", hidden);
      saves.stop();
      void saves.flush();
    };
  }, [saves]);

  const write = (written: string, cursor: number): void => {
    Object.assign(now.current, { text: written, cursor, isKept: false });
    setText(written);
    saves.typed();
  };
  return {
    text,
    saved,
    problem,
    theirs,
    write,
    async flush() {
      await saves.flush();
      return now.current.isKept;
    },
    settle(kept) {
      now.current.isAsking = false;
      setTheirs(undefined);
      write(kept, kept.length);
      void saves.flush();
    },
  };
}
