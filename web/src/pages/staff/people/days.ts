/** Days as `YYYY-MM-DD`, in London. */

const LONDON = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" });

export function today(): string {
  return LONDON.format(new Date());
}

/** The day of a time. */
export function dayIn(at: string): string {
  return LONDON.format(new Date(at));
}

/** The same day some years later; 29 February becomes 1 March. */
export function yearsLater(day: string, years: number): string {
  const [year = "", month = "", date = ""] = day.split("-");
  const later = new Date(Date.UTC(Number(year) + years, Number(month) - 1, Number(date)));
  return later.toISOString().slice(0, 10);
}

/** Whether it is a day that exists. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}
