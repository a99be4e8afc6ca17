/** The inside of every page: one H1, the title, errors on top, the focus where it belongs. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useApp } from "../app.tsx";
import { arrive } from "../place.ts";
import { t } from "../words.ts";
import { Link } from "./button.tsx";

/** A mistake in a form: the id of the field, and what to do. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

interface ScreenProps {
  /** The H1; with the service's name, the title. Never a person's name. */
  readonly title: string;
  readonly children: ComponentChildren;
  readonly errors?: readonly FieldError[];
  /** Where the Back link leads. */
  readonly back?: string;
  /** Two columns on a wide screen. */
  readonly wide?: boolean;
  /** Whether the H1 goes on paper. */
  readonly isPrinted?: boolean;
}

export function Screen({ title, children, errors = [], back, wide = false, isPrinted = true }: ScreenProps) {
  const { path } = useApp();
  const heading = useRef<HTMLHeadingElement>(null);
  const isWrong = errors.length > 0;
  useEffect(() => {
    const shown = isWrong ? t("common.error.prefix", { title }) : title;
    document.title = t("common.title", { title: shown, service: t("common.service") });
  });
  // Each path is a new page, also where one component shows several.
  useEffect(() => arrive(heading.current), [path]);
  return (
    <div class={wide ? "p-wide" : "p-narrow"}>
      <main class="govuk-main-wrapper" id="main">
        {back === undefined ? null : (
          <Link to={back} class="govuk-back-link no-print">
            {t("common.back")}
          </Link>
        )}
        <ErrorSummary errors={errors} />
        <h1 class={`govuk-heading-l${isPrinted ? "" : " no-print"}`} tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {children}
      </main>
    </div>
  );
}

/** For when what was pressed goes away, and nothing in its place is what comes next. */
export function toHeading(): void {
  document.querySelector<HTMLElement>("main h1")?.focus();
}

/** Takes the focus each time there are new errors. */
function ErrorSummary({ errors }: { readonly errors: readonly FieldError[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (errors.length > 0) box.current?.focus();
  }, [errors]);
  if (errors.length === 0) return null;
  const jump = (field: string) => (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById(field)?.focus();
  };
  return (
    <div class="govuk-error-summary" tabIndex={-1} ref={box}>
      <div role="alert">
        <h2 class="govuk-error-summary__title">{t("common.error.summary")}</h2>
        <div class="govuk-error-summary__body">
          <ul class="govuk-list govuk-error-summary__list">
            {errors.map(({ field, message }) => (
              <li key={field}>
                <a href={`#${field}`} onClick={jump(field)}>
                  {message}
                </a>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </div>
  );
}
