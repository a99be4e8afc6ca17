/** A step of the set-up: each begins with a heading of its own. */

import type { ComponentChildren } from "preact";
import { t, type Key } from "../../../words.ts";
import { FormScreen } from "../../staff/people/errors.tsx";

export function Titled({ title, children }: { readonly title: Key; readonly children: ComponentChildren }) {
  return (
    <FormScreen title={t(title)} isPrinted={false} key={title}>
      {children}
    </FormScreen>
  );
}
