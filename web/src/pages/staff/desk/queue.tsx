/** C2: every letter that waits for this person's teams. */

import { useState } from "preact/hooks";
import { queue, type WaitingLetter } from "../../../acts/checking.ts";
import { useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Link } from "../../../parts/button.tsx";
import { Radios } from "../../../parts/form.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import { clock, dayShort, t } from "../../../words.ts";
import { colleagues, nameOf, type Colleagues } from "./colleagues.ts";
import { DueTag } from "./due_tag.tsx";
import { dueOf, todayInLondon } from "./due.ts";
import { outbox } from "./outbox.ts";
import { OutboxLine } from "./outbox_line.tsx";
import { sizeName } from "./size.ts";
import { useDirections } from "./use_directions.ts";

const FILTERS = ["all", "urgent", "free", "mine"] as const;
type Filter = (typeof FILTERS)[number];

export function Queue() {
  const keys = useKeys();
  const load = useLoad(() => waiting(keys), [keys]);
  return (
    <Screen title={t("desk.queue")} back="/desk" wide>
      <OutboxLine />
      <Load of={load}>{([letters, they]) => <Listed letters={letters} they={they} />}</Load>
    </Screen>
  );
}

/** What was decided a moment ago is sent first: the list is to know it. */
async function waiting(keys: Keys): Promise<readonly [readonly WaitingLetter[], Colleagues]> {
  await outbox.flush();
  return Promise.all([queue(), colleagues(keys)]);
}

function Listed({ letters, they }: { readonly letters: readonly WaitingLetter[]; readonly they: Colleagues }) {
  const [filter, setFilter] = useState<Filter>("all");
  const directions = useDirections(letters);
  if (letters.length === 0) return <P>{t("desk.empty")}</P>;
  const me = they.me?.staff ?? "";
  const shown = byDay(letters.filter((letter) => fits(letter, filter, me)));
  return (
    <>
      <div class="p-filter">
        <Radios
          id="filter"
          legend={t("desk.filter")}
          options={FILTERS.map((value) => ({ value, label: t(`desk.filter.${value}`) }))}
          value={filter}
          onChange={setFilter}
        />
      </div>
      {shown.length === 0 ? <P>{t("desk.filter.none")}</P> : null}
      <table class="govuk-table p-table">
        <caption class="govuk-visually-hidden">{t("desk.queue")}</caption>
        <thead class="govuk-table__head">
          <tr class="govuk-table__row">
            {(["due", "direction", "size", "came", "claimed", "check"] as const).map((column) => (
              <th class="govuk-table__header" scope="col" key={column}>
                {t(`desk.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody class="govuk-table__body">
          {shown.map((letter) => {
            const direction = directions.get(letter.letter);
            return (
              <tr class="govuk-table__row" key={letter.letter}>
                <td class="govuk-table__cell" data-label={t("desk.column.due")}>
                  <DueTag on={letter.due_on} />
                </td>
                <td class="govuk-table__cell" data-label={t("desk.column.direction")}>
                  {direction === undefined ? "…" : (direction ?? t("desk.direction.hidden"))}
                </td>
                <td class="govuk-table__cell" data-label={t("desk.column.size")}>
                  {sizeName(letter.ct_len)}
                </td>
                <td class="govuk-table__cell" data-label={t("desk.column.came")}>
                  {dayShort(letter.submitted_at)}
                </td>
                <td class="govuk-table__cell" data-label={t("desk.column.claimed")}>
                  {claimedBy(letter, they)}
                </td>
                <td class="govuk-table__cell" data-label={t("desk.column.check")}>
                  {mayOpen(letter, me) ? (
                    <Link to={letter.steps > 0 ? "/team/second-decisions" : `/desk/check/${letter.letter}`}>
                      {t(letter.steps > 0 ? "desk.second.needed" : "desk.check")}
                    </Link>
                  ) : null}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

function mayOpen({ claim }: WaitingLetter, me: string): boolean {
  return !claim || claim.staff === me;
}

function fits(letter: WaitingLetter, filter: Filter, me: string): boolean {
  switch (filter) {
    case "all":
      return true;
    case "urgent":
      return dueOf(letter.due_on, todayInLondon()).urgency !== "in-time";
    case "free":
      return !letter.claim;
    case "mine":
      return letter.claim?.staff === me || letter.allocated_to === me;
  }
}

function byDay(letters: readonly WaitingLetter[]): WaitingLetter[] {
  const day = ({ due_on }: WaitingLetter) => due_on ?? "9999-12-31";
  return [...letters].sort((a, b) => (day(a) < day(b) ? -1 : Number(day(a) > day(b))));
}

function claimedBy({ claim, allocated_to, allocated_name }: WaitingLetter, { me, all }: Colleagues): string {
  if (claim) {
    const named: { readonly name?: string | null } = claim;
    const name = named.name ?? nameOf(all, claim.staff) ?? t("desk.colleague");
    const at = clock(claim.claimed_at);
    return claim.staff === me?.staff ? t("desk.claimed.you", { clock: at }) : t("desk.claimed", { name, clock: at });
  }
  if (!allocated_to) return "";
  if (allocated_to === me?.staff) return t("desk.allocated.you");
  return t("desk.allocated", { name: allocated_name ?? nameOf(all, allocated_to) ?? t("desk.colleague") });
}
