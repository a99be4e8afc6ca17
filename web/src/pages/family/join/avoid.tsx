/** “Days I do not want news”: birthdays and other days, one by one. */

import { useState } from "preact/hooks";
import { Button } from "../../../parts/button.tsx";
import { Input } from "../../../parts/form.tsx";
import { Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { dayOfYear, readDay } from "./days.ts";

export const DAY_FIELD = "day";

interface Props {
  readonly days: readonly string[];
  readonly onDays: (days: readonly string[]) => void;
  readonly typed: string;
  readonly onTyped: (typed: string) => void;
  readonly error: string | undefined;
  /** The day that was typed is none. */
  readonly onWrong: () => void;
}

/** The days together with one that was typed and not yet added; null when that is no day. */
export function withTyped(days: readonly string[], typed: string): readonly string[] | null {
  if (typed.trim() === "") return days;
  const day = readDay(typed);
  if (day === null) return null;
  return days.includes(day) ? days : [...days, day].sort();
}

export function Avoid({ days, onDays, typed, onTyped, error, onWrong }: Props) {
  const [said, setSaid] = useState("");
  const add = () => {
    const more = withTyped(days, typed);
    if (more === null || typed.trim() === "") return onWrong();
    onDays(more);
    onTyped("");
    setSaid(t("join.avoid.added", { day: more.filter((day) => !days.includes(day)).map(dayOfYear).join() }));
  };
  const remove = (gone: string) => {
    onDays(days.filter((day) => day !== gone));
    setSaid(t("join.avoid.removed", { day: dayOfYear(gone) }));
  };
  return (
    <>
      <Input
        id={DAY_FIELD}
        label={t("join.avoid.label")}
        hint={t("join.avoid.hint")}
        error={error}
        value={typed}
        onInput={onTyped}
        width={10}
      />
      <Button kind="secondary" onClick={add}>
        {t("join.avoid.add")}
      </Button>
      {days.length === 0 ? null : (
        <ul class="p-list">
          {days.map((day) => (
            <li key={day}>
              {dayOfYear(day)}{" "}
              <button class="p-link" type="button" onClick={() => remove(day)}>
                {t("join.avoid.remove")} <span class="govuk-visually-hidden">{dayOfYear(day)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Status text={said} />
    </>
  );
}
