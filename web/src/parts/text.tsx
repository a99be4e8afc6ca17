/** Pieces of text: panels, insets, warnings, summaries, tags. */

import type { ComponentChildren } from "preact";
import { t } from "../words.ts";

interface Children {
  readonly children: ComponentChildren;
}

/** The green panel at the end of a task. */
export function Panel({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="govuk-panel govuk-panel--confirmation">
      <div class="govuk-panel__title">{title}</div>
      {children === undefined ? null : <div class="govuk-panel__body">{children}</div>}
    </div>
  );
}

export function Inset({ children }: Children) {
  return <div class="govuk-inset-text">{children}</div>;
}

export function Warning({ children }: Children) {
  return (
    <div class="govuk-warning-text">
      <span class="govuk-warning-text__icon" aria-hidden="true">
        !
      </span>
      <strong class="govuk-warning-text__text">
        <span class="govuk-visually-hidden">{t("common.warning")}</span>
        {children}
      </strong>
    </div>
  );
}

export function Details({ summary, children, open = false }: Children & {
  readonly summary: string;
  readonly open?: boolean;
}) {
  return (
    <details class="govuk-details" open={open}>
      <summary class="govuk-details__summary">
        <span class="govuk-details__summary-text">{summary}</span>
      </summary>
      <div class="govuk-details__text">{children}</div>
    </details>
  );
}

export interface Row {
  readonly key: string;
  readonly value: ComponentChildren;
  /** A link that changes it. */
  readonly action?: ComponentChildren;
}

export function SummaryList({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <dl class="govuk-summary-list">
      {rows.map(({ key, value, action }) => (
        <div class="govuk-summary-list__row" key={key}>
          <dt class="govuk-summary-list__key">{key}</dt>
          <dd class="govuk-summary-list__value">{value}</dd>
          {action === undefined ? null : <dd class="govuk-summary-list__actions">{action}</dd>}
        </div>
      ))}
    </dl>
  );
}

export type Tone = "grey" | "green" | "blue" | "yellow" | "red" | "purple";

export function Tag({ tone = "grey", children }: Children & { readonly tone?: Tone }) {
  return <strong class={`govuk-tag govuk-tag--${tone}`}>{children}</strong>;
}

/** Said once, politely, when it changes. */
export function Status({ text }: { readonly text: string }) {
  return (
    <p class="govuk-body-s p-status" role="status">
      {text}
    </p>
  );
}

/** A paragraph. */
export function P({ children }: Children) {
  return <p class="govuk-body">{children}</p>;
}

/** A heading below the H1. */
export function H2({ children, id }: Children & { readonly id?: string }) {
  return (
    <h2 class="govuk-heading-m" id={id}>
      {children}
    </h2>
  );
}
