/** When a letter is due, as the days on the calendar in London count. */

export type Urgency = "overdue" | "today" | "in-time";

export interface Due {
  readonly urgency: Urgency;
  /** Days past the day it was promised for; 0 unless overdue. */
  readonly days: number;
}

const DAY = 86_400_000;

/** A letter without a date is in time: it has only just come in. */
export function dueOf(dueOn: string | null | undefined, today: string): Due {
  if (dueOn === null || dueOn === undefined || dueOn > today) return { urgency: "in-time", days: 0 };
  if (dueOn === today) return { urgency: "today", days: 0 };
  return { urgency: "overdue", days: Math.round((Date.parse(today) - Date.parse(dueOn)) / DAY) };
}

/** `2025-06-12`, as it is in London now. */
export function todayInLondon(now: Date = new Date()): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" }).formatToParts(now);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}
