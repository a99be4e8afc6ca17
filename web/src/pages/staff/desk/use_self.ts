/** Who is at this desk: for display; what is signed rests on the keys. */

import { useEffect, useState } from "preact/hooks";
import type { Colleague } from "../../../acts/staffing.ts";
import { useKeys } from "../../../app.tsx";
import { colleagues } from "./colleagues.ts";

/** Null until it is known. */
export function useSelf(): Colleague | null {
  const keys = useKeys();
  const [self, setSelf] = useState<Colleague | null>(null);
  useEffect(() => {
    colleagues(keys).then(
      (they) => setSelf(they.me),
      () => undefined,
    );
  }, [keys]);
  return self;
}
