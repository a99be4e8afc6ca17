/** Who somebody in an arrangement is: side, role, name, how they sign. */

import { Button } from "../../../parts/button.tsx";
import { Input } from "../../../parts/form.tsx";
import { t } from "../../../words.ts";
import { useErrors } from "./errors.tsx";
import type { TypedPerson } from "./plan_form.ts";
import { FAMILY, roleName, sideName, SIDES } from "./roles.ts";
import { Select } from "./select.tsx";

interface PersonFieldsProps {
  readonly at: number;
  readonly person: TypedPerson;
  readonly onChange: (person: TypedPerson) => void;
  /** Side and role are signed: they are only chosen for a place that is being made. */
  readonly isNew: boolean;
  readonly onRemove?: (() => void) | undefined;
}

export function PersonFields({ at, person, onChange, isNew, onRemove }: PersonFieldsProps) {
  const errors = useErrors();
  const roles = FAMILY.map((role) => ({ value: role, label: roleName(role) }));
  const sides = SIDES.map((side) => ({ value: side, label: sideName(side) }));
  return (
    <fieldset class="govuk-fieldset govuk-!-margin-bottom-6">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">
        {isNew ? t("people.person", { n: at + 1 }) : `${sideName(person.side)}: ${roleName(person.role)}`}
      </legend>
      {isNew ? (
        <>
          <Select
            id={`side-${at}`}
            label={t("people.person.side")}
            options={sides}
            value={person.side}
            onChange={(side) => onChange({ ...person, side })}
          />
          <Select
            id={`role-${at}`}
            label={t("people.person.role")}
            options={roles}
            value={person.role}
            onChange={(role) => onChange({ ...person, role })}
          />
        </>
      ) : null}
      <Input
        id={`name-${at}`}
        label={t("people.person.name")}
        value={person.name}
        onInput={(name) => onChange({ ...person, name })}
        error={errors.of(`name-${at}`)}
        width={20}
      />
      <Input
        id={`signs-${at}`}
        label={t("people.person.signs")}
        hint={t("people.person.signs.hint")}
        value={person.signs}
        onInput={(signs) => onChange({ ...person, signs })}
        width={20}
      />
      {onRemove === undefined ? null : (
        <Button kind="secondary" onClick={onRemove}>
          {t("people.person.remove", { n: at + 1 })}
        </Button>
      )}
    </fieldset>
  );
}
