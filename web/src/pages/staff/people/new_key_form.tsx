/** C10, first part: how it was seen that it is them, and which colleague is to approve it. */

import { useState } from "preact/hooks";
import { Radios } from "../../../parts/form.tsx";
import type { FieldError } from "../../../parts/screen.tsx";
import { P, Warning } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { nameOf } from "./colleagues.ts";
import { useErrors } from "./errors.tsx";
import { InviteForm } from "./invite_new.tsx";
import type { Known } from "./person.ts";
import { Select } from "./select.tsx";

const CHECKS = ["met", "rang", "document"] as const;
type Check = (typeof CHECKS)[number];
const CHECKERS: readonly string[] = ["coordinator", "lead"];

/** How somebody was checked, in words; null for what this page has no words for. */
export function checkName(check: string | undefined): string | null {
  const known = CHECKS.find((each) => each === check);
  return known === undefined ? null : t(`people.again.check.${known}`);
}

export function NewKeyForm({ known }: { readonly known: Known }) {
  const { opened, place, name, phone, self, staff } = known;
  const others = staff.filter(
    ({ person, teams, roles }) =>
      person !== self?.person &&
      teams.includes(opened.standing.team) &&
      roles.some((role) => CHECKERS.includes(role)),
  );
  const [checked, setChecked] = useState<Check | null>(null);
  const [approver, setApprover] = useState(others[0]?.staff ?? "");
  const errors = useErrors();
  if (others.length === 0) return <Warning>{t("people.again.nobody")}</Warning>;
  const wrong = (): FieldError[] =>
    checked === null ? [{ field: "checked", message: t("people.again.check.error") }] : [];
  const fields = (
    <>
      <P>{t("people.again.first")}</P>
      <Radios<Check>
        id="checked"
        legend={t("people.again.check", { name })}
        hint={t("people.again.check.hint")}
        options={CHECKS.map((value) => ({ value, label: t(`people.again.check.${value}`) }))}
        value={checked}
        onChange={setChecked}
        error={errors.of("checked")}
      />
      <Select
        id="approver"
        label={t("people.again.approver")}
        options={others.map((each) => ({ value: each.staff, label: nameOf(each) }))}
        value={approver}
        onChange={setApprover}
      />
    </>
  );
  const card = { checked: checked ?? undefined, approver };
  const more = { fields, wrong, card, phone, label: t("people.again.ask") };
  return <InviteForm opened={opened} membership={place.membership} more={more} />;
}
