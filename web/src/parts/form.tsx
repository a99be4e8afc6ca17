/** Fields, each with its label, hint and error, as GOV.UK Frontend marks them up. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t, type Lang } from "../words.ts";

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

/** Ids of what describes a field. */
function describedBy({ id, hint, error }: Pick<FieldProps, "id" | "hint" | "error">): string | undefined {
  const ids = [hint === undefined ? "" : `${id}-hint`, error === undefined ? "" : `${id}-error`];
  return ids.filter((each) => each !== "").join(" ") || undefined;
}

function Group({ id, hint, error, children }: Omit<FieldProps, "value" | "onInput" | "label"> & {
  readonly children: [ComponentChildren, ComponentChildren];
}) {
  const [label, control] = children;
  return (
    <div class={`govuk-form-group${error === undefined ? "" : " govuk-form-group--error"}`}>
      {label}
      {hint === undefined ? null : (
        <div id={`${id}-hint`} class="govuk-hint">
          {hint}
        </div>
      )}
      <ErrorMessage id={id} error={error} />
      {control}
    </div>
  );
}

function ErrorMessage({ id, error }: { readonly id: string; readonly error: string | undefined }) {
  if (error === undefined) return null;
  return (
    <p id={`${id}-error`} class="govuk-error-message">
      <span class="govuk-visually-hidden">{t("common.error.hidden")}</span> {error}
    </p>
  );
}

interface InputProps extends FieldProps {
  readonly autocomplete?: string;
  readonly inputMode?: "text" | "numeric" | "tel" | "email";
  readonly width?: 5 | 10 | 20;
  readonly type?: "text" | "email" | "tel" | "date";
  /** Hidden as it is typed, with a button to show it. */
  readonly secret?: boolean;
  readonly spellcheck?: boolean;
}

export function Input(props: InputProps) {
  const { id, label, hint, error, value, onInput, secret = false, width } = props;
  const [shown, setShown] = useState(!secret);
  const input = (
    <input
      class={`govuk-input${width === undefined ? "" : ` govuk-input--width-${width}`}${error === undefined ? "" : " govuk-input--error"}`}
      id={id}
      name={id}
      type={shown ? (props.type ?? "text") : "password"}
      value={value}
      inputMode={props.inputMode}
      autocomplete={props.autocomplete ?? "off"}
      autocapitalize="none"
      spellcheck={props.spellcheck ?? false}
      aria-describedby={describedBy({ id, hint, error })}
      aria-invalid={error === undefined ? undefined : "true"}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  );
  return (
    <Group id={id} hint={hint} error={error}>
      <label class="govuk-label" for={id}>
        {label}
      </label>
      {secret ? (
        <div class="p-secret">
          {input}
          <button
            class="govuk-button govuk-button--secondary"
            type="button"
            aria-controls={id}
            onClick={() => setShown(!shown)}
          >
            {t(shown ? "common.hide" : "common.show")}
          </button>
        </div>
      ) : (
        input
      )}
    </Group>
  );
}

interface TextAreaProps extends FieldProps {
  readonly rows?: number;
  readonly lang?: Lang;
}

export function TextArea({ id, label, hint, error, value, onInput, rows = 5, lang }: TextAreaProps) {
  return (
    <Group id={id} hint={hint} error={error}>
      <label class="govuk-label" for={id}>
        {label}
      </label>
      <textarea
        class={`govuk-textarea${error === undefined ? "" : " govuk-textarea--error"}`}
        id={id}
        name={id}
        rows={rows}
        dir="auto"
        lang={lang}
        value={value}
        aria-describedby={describedBy({ id, hint, error })}
        aria-invalid={error === undefined ? undefined : "true"}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </Group>
  );
}

export interface Option<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly hint?: string;
  /** Where the label is in another language than the page. */
  readonly lang?: string;
}

interface ChoiceProps<V extends string> {
  /** Also the id of the first choice, where the error summary leads. */
  readonly id: string;
  readonly legend: string;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  readonly options: readonly Option<V>[];
}

interface RadiosProps<V extends string> extends ChoiceProps<V> {
  readonly value: V | null;
  readonly onChange: (value: V) => void;
}

export function Radios<V extends string>(props: RadiosProps<V>) {
  return (
    <Choices {...props} kind="radios">
      {({ value }) => ({ checked: props.value === value, onChange: () => props.onChange(value) })}
    </Choices>
  );
}

interface CheckboxesProps<V extends string> extends ChoiceProps<V> {
  readonly values: readonly V[];
  readonly onChange: (values: readonly V[]) => void;
}

export function Checkboxes<V extends string>(props: CheckboxesProps<V>) {
  const { values, onChange } = props;
  return (
    <Choices {...props} kind="checkboxes">
      {({ value }) => ({
        checked: values.includes(value),
        onChange: () =>
          onChange(values.includes(value) ? values.filter((each) => each !== value) : [...values, value]),
      })}
    </Choices>
  );
}

interface ChoicesProps<V extends string> extends ChoiceProps<V> {
  readonly kind: "radios" | "checkboxes";
  readonly children: (option: Option<V>) => { readonly checked: boolean; readonly onChange: () => void };
}

function Choices<V extends string>({ id, legend, hint, error, options, kind, children }: ChoicesProps<V>) {
  return (
    <div class={`govuk-form-group${error === undefined ? "" : " govuk-form-group--error"}`}>
      <fieldset class="govuk-fieldset" aria-describedby={describedBy({ id, hint, error })}>
        <legend class="govuk-fieldset__legend">{legend}</legend>
        {hint === undefined ? null : (
          <div id={`${id}-hint`} class="govuk-hint">
            {hint}
          </div>
        )}
        <ErrorMessage id={id} error={error} />
        <div class={`govuk-${kind}`}>
          {options.map((option, index) => {
            const item = index === 0 ? id : `${id}-${option.value}`;
            const { checked, onChange } = children(option);
            return (
              <div class={`govuk-${kind}__item`} key={option.value}>
                <input
                  class={`govuk-${kind}__input`}
                  id={item}
                  name={id}
                  type={kind === "radios" ? "radio" : "checkbox"}
                  value={option.value}
                  checked={checked}
                  aria-describedby={option.hint === undefined ? undefined : `${item}-hint`}
                  onChange={onChange}
                />
                <label class={`govuk-label govuk-${kind}__label`} for={item} lang={option.lang}>
                  {option.label}
                </label>
                {option.hint === undefined ? null : (
                  <div id={`${item}-hint`} class={`govuk-hint govuk-${kind}__hint`}>
                    {option.hint}
                  </div>
                )}
              </div>
            );
          })}
        </div>
      </fieldset>
    </div>
  );
}

/** A form that sends nothing anywhere: Enter and the button both call `onSubmit`. */
export function Form({ onSubmit, children }: {
  readonly onSubmit: () => void;
  readonly children: ComponentChildren;
}) {
  const submit = (event: Event) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form noValidate onSubmit={submit}>
      {children}
    </form>
  );
}
