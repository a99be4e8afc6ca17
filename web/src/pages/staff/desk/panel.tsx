/** A step that needs words, beside the letter. It takes the focus and gives it back. */

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
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const escape = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
  return (
    <section aria-labelledby="panel-title" onKeyDown={escape}>
      <h2 class="govuk-heading-m" id="panel-title" tabIndex={-1} ref={heading}>
        {title}
      </h2>
      {children}
      <Button kind="secondary" onClick={close}>
        {closing ?? t("desk.cancel")}
      </Button>
    </section>
  );
}
