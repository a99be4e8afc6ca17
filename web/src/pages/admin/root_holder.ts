/** The opened root for as long as a page is shown: it is closed with it. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Root } from "../../acts/ceremony.ts";

export interface RootHolder {
  readonly root: Root | null;
  readonly keep: (root: Root) => void;
  readonly close: () => void;
}

export function useRoot(): RootHolder {
  const [root, setRoot] = useState<Root | null>(null);
  const held = useRef<Root | null>(null);
  const hold = (opened: Root | null) => {
    held.current?.close();
    held.current = opened;
    setRoot(opened);
  };
  useEffect(() => () => held.current?.close(), []);
  return { root, keep: hold, close: () => hold(null) };
}
