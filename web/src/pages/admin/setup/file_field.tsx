/** Choosing a file: it is read in this browser and goes nowhere. */

import { t } from "../../../words.ts";

interface FileFieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly error?: string | undefined;
  readonly onBytes: (bytes: Uint8Array | null) => void;
}

/** Far more than any file chosen here has. */
const MOST = 64 * 1024;

export function FileField({ id, label, hint, error, onBytes }: FileFieldProps) {
  const read = async (file: File | undefined) => {
    const isSmall = file !== undefined && file.size <= MOST;
    onBytes(isSmall ? new Uint8Array(await file.arrayBuffer()) : null);
  };
  return (
    <div class={`govuk-form-group${error === undefined ? "" : " govuk-form-group--error"}`}>
      <label class="govuk-label" for={id}>
        {label}
      </label>
      <div id={`${id}-hint`} class="govuk-hint">
        {hint}
      </div>
      {error === undefined ? null : (
        <p id={`${id}-error`} class="govuk-error-message">
          <span class="govuk-visually-hidden">{t("common.error.hidden")}</span> {error}
        </p>
      )}
      <input
        class="govuk-file-upload"
        id={id}
        name={id}
        type="file"
        aria-describedby={error === undefined ? `${id}-hint` : `${id}-hint ${id}-error`}
        aria-invalid={error === undefined ? undefined : "true"}
        onChange={(event) => void read(event.currentTarget.files?.[0])}
      />
    </div>
  );
}
