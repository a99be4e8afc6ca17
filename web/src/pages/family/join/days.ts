/** Days of the year as people write them: "25 December", "25 Dec", "25/12". */

import { dayShort, month } from "../../../words.ts";

const WRITTEN = /^(\d{1,2})(?:st|nd|rd|th)?(?:\s*[/.-]\s*|\s+(?:o\s+)?|)(\d{1,2}|\p{L}{3,})\.?$/u;
/** February may have 29 days. */
const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** As `MM-DD`; null for what is no day. */
export function readDay(typed: string): string | null {
  const [, day = "", name = ""] = WRITTEN.exec(typed.trim().toLowerCase()) ?? [];
  const n = /^\d+$/.test(name) ? Number(name) : monthCalled(name);
  const isDay = Number(day) >= 1 && Number(day) <= (LENGTHS[n - 1] ?? 0);
  return isDay ? `${two(n)}-${two(Number(day))}` : null;
}

/** As people read it, in the language on screen. */
export function dayOfYear(day: string): string {
  // A leap year, which has every day.
  return dayShort(`2024-${day}`);
}

/** 0 for no month; the first letters are enough. */
function monthCalled(name: string): number {
  if (name === "") return 0;
  return LENGTHS.findIndex((_, index) => month(index + 1).toLowerCase().startsWith(name)) + 1;
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
