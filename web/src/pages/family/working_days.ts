/**
 * Days as the agency counts them, for the "by" of a letter that is not handed in yet: as
 * `crates/domain/src/calendar.rs`, which gives the exact one afterwards.
 */

type Policy = Readonly<Record<string, unknown>>;

const DAY = 86_400_000;
const at = (day: string): Date => new Date(`${day}T00:00:00Z`);
const spell = (date: Date): string => date.toISOString().slice(0, 10);

/** Some days after (or, below 0, before) a day. */
export function addDays(day: string, count: number): string {
  return spell(new Date(at(day).getTime() + count * DAY));
}

/** Working days that the agency gives itself to check a letter. */
export function turnaround(policy: Policy): number {
  const days = policy["turnaround_days"];
  return typeof days === "number" ? days : 10;
}

/** The `count`th working day after a day. */
export function addWorkingDays(from: string, count: number, policy: Policy): string {
  let day = from;
  let left = count;
  // Two years of closing in a row would be no agency.
  for (let tries = 0; left > 0 && tries < 730; tries++) {
    day = addDays(day, 1);
    if (isWorkingDay(day, policy)) left--;
  }
  return day;
}

export function isWorkingDay(day: string, policy: Policy): boolean {
  const closed: unknown = policy["closed_on"];
  const isClosed = Array.isArray(closed) && closed.includes(day);
  const keepsHolidays = (policy["nation"] ?? "england_and_wales") === "england_and_wales";
  return !isWeekend(at(day)) && !isClosed && !(keepsHolidays && isBankHoliday(day));
}

const isWeekend = (date: Date): boolean => date.getUTCDay() === 0 || date.getUTCDay() === 6;

/** England and Wales, substitute days included; days by proclamation are the agency's to close on. */
function isBankHoliday(day: string): boolean {
  const date = at(day);
  const [month, dayOfMonth, weekday] = [date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCDay()];
  const isMonday = weekday === 1;
  const easter = easterOf(date.getUTCFullYear());
  if (day === addDays(easter, -2) || day === addDays(easter, 1)) return true;
  if (month === 12 && (dayOfMonth === 25 || dayOfMonth === 26)) return !isWeekend(date);
  // A holiday that falls on a weekend is kept on the next working day that is free.
  if (month === 12 && (dayOfMonth === 27 || dayOfMonth === 28)) return isMonday || weekday === 2;
  if (month === 1 && dayOfMonth === 1) return !isWeekend(date);
  if (month === 1 && dayOfMonth <= 3) return isMonday;
  return (
    isMonday && ((month === 5 && (dayOfMonth <= 7 || dayOfMonth >= 25)) || (month === 8 && dayOfMonth >= 25))
  );
}

/** Easter Sunday, by the anonymous Gregorian algorithm (Nature, 20 April 1876), in its letters. */
function easterOf(year: number): string {
  const div = (n: number, by: number): number => Math.floor(n / by);
  const [a, b, c] = [year % 19, div(year, 100), year % 100];
  const h = (19 * a + b - div(b, 4) - div(b - div(b + 8, 25) + 1, 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * div(c, 4) - h - (c % 4)) % 7;
  const m = div(a + 11 * h + 22 * l, 451);
  const n = h + l - 7 * m + 114;
  return spell(new Date(Date.UTC(year, div(n, 31) - 1, (n % 31) + 1)));
}
