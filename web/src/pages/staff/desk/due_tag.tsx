/** When a letter is due: a word, a shape and a colour. */

import { t, plural } from "../../../words.ts";
import { dueOf, todayInLondon } from "./due.ts";

export function DueTag({ on }: { readonly on: string | null | undefined }) {
  const { urgency, days } = dueOf(on, todayInLondon());
  return <span class={`p-due p-due--${urgency}`}>{words(urgency, days)}</span>;
}

function words(urgency: "overdue" | "today" | "in-time", days: number): string {
  switch (urgency) {
    case "overdue":
      return plural("desk.due.overdue", days);
    case "today":
      return t("desk.due.today");
    case "in-time":
      return t("desk.due.inTime");
  }
}
