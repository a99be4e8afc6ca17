/** A component that shows what changes outside it. */

import { useEffect, useState } from "preact/hooks";

interface Observable {
  subscribe(listener: () => void): () => void;
}

/** Renders anew whenever `source` says that it has changed. */
export function useChanges(source: Observable): void {
  const [, turn] = useState(0);
  useEffect(() => source.subscribe(() => turn((n) => n + 1)), [source]);
}
