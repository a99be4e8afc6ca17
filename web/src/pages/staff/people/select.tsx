/** A list to choose one thing from, for choices too many for radios. */

import type { Option } from "../../../parts/form.tsx";

interface SelectProps<V extends string> {
  readonly id: string;
  readonly label: string;
  readonly options: readonly Option<V>[];
  readonly value: string;
  readonly onChange: (value: V) => void;
}

export function Select<V extends string>({ id, label, options, value, onChange }: SelectProps<V>) {
  const chosen = (given: string) => {
    const option = options.find((each) => each.value === given);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <div class="govuk-form-group">
      <label class="govuk-label" for={id}>
        {label}
      </label>
      <select
        class="govuk-select"
        id={id}
        name={id}
        value={value}
        onChange={(event) => chosen(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option value={option.value} key={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
