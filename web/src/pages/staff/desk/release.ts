/** When letters are passed on, as the agency's own rules say. */

import { t } from "../../../words.ts";

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** Empty for rules that this version cannot read. */
export function releaseWords(policy: Readonly<Record<string, unknown>> | undefined): string {
  const release = policy?.["release"];
  if (typeof release !== "object" || release === null || !("when" in release)) return "";
  if (release.when === "always") return t("desk.release.always");
  const { days, from, until } = { days: [], from: "", until: "", ...release };
  if (!Array.isArray(days) || typeof from !== "string" || typeof until !== "string") return "";
  const given = DAYS.filter((day) => days.some((each) => each === day));
  return t("desk.release.hours", { days: daysInWords(given), from: hour(from), until: hour(until) });
}

/** Three and more in a row are a span: "Monday to Thursday". */
function daysInWords(days: readonly (typeof DAYS)[number][]): string {
  const [first, last] = [days[0], days[days.length - 1]];
  if (first === undefined || last === undefined) return "";
  const isRow = DAYS.indexOf(last) - DAYS.indexOf(first) === days.length - 1;
  if (isRow && days.length > 2) {
    return t("desk.release.span", { first: t(`desk.day.${first}`), last: t(`desk.day.${last}`) });
  }
  return days.map((day) => t(`desk.day.${day}`)).join(", ");
}

/** `10:00:00` as "10am", `16:30:00` as "4:30pm". */
function hour(time: string): string {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const clock = `${hours % 12 === 0 ? 12 : hours % 12}${minutes === 0 ? "" : `:${String(minutes).padStart(2, "0")}`}`;
  return t(hours < 12 ? "desk.hour.am" : "desk.hour.pm", { clock });
}
