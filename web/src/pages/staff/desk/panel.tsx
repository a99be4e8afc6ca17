/** A step that needs words, beside the letter. Its first field takes the focus, and gives it back. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../../../parts/button.tsx";
import { t } from "../../../words.ts";

interface PanelProps {
  readonly title: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
  /** The word on the button that closes it. */
  readonly closing?: string;
}

export function Panel({ title, close, children, closing }: PanelProps) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const field = section.current?.querySelector("input, select, textarea") ?? section.current?.querySelector("h2");
    if (field instanceof HTMLElement) field.focus();
    return () => {
      // Whatever had the focus may be gone by now, or nothing had it.
      const isThere = before !== document.body && before?.isConnected === true;
      const next = isThere ? before : document.querySelector("h1");
      if (next instanceof HTMLElement) next.focus({ preventScroll: true });
    };
  }, []);
  const escape = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
  return (
    <section aria-labelledby="panel-title" onKeyDown={escape} ref={section}>
      <h2 class="govuk-heading-m" id="panel-title" tabIndex={-1}>
        {title}
      </h2>
      {children}
      <Button kind="secondary" onClick={close}>
        {closing ?? t("desk.cancel")}
      </Button>
    </section>
  );
}
