/** The passage of the letter that was selected last. */

import { useEffect, useState } from "preact/hooks";
import { quotable } from "./comment_text.ts";

export const LETTER = "letter";

export function useSelection(letter: string): string {
  const [selected, setSelected] = useState("");
  useEffect(() => {
    setSelected("");
    const look = () => {
      const selection = document.getSelection();
      const within = document.getElementById(LETTER);
      // Going on to a button ends the selection; what it was is still meant.
      if (!selection || selection.isCollapsed || !within?.contains(selection.anchorNode)) return;
      if (within.contains(selection.focusNode)) setSelected(quotable(selection.toString()));
    };
    document.addEventListener("selectionchange", look);
    return () => document.removeEventListener("selectionchange", look);
  }, [letter]);
  return selected;
}
