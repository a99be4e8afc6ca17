/** The time, as statements say it. It is for people: nobody checks it. */

/** UTC seconds. */
export function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** Today's date in Europe/London. */
export function today(): string {
  // Sweden writes dates as `YYYY-MM-DD`.
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/London" }).format(new Date());
}
