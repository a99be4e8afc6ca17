/** The agency's own rules, as they stand: who rings where, when letters are passed on, how long it takes. */

import { useApp } from "../../../app.tsx";
import { SummaryList } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";

export function Rules() {
  const { agency, phone } = useApp();
  const policy = agency?.policy ?? {};
  return (
    <SummaryList
      rows={[
        { key: t("people.rules.phone"), value: phone === "" ? t("people.rules.phone.none") : phone },
        { key: t("people.rules.turnaround"), value: t("people.rules.days", { n: number(policy["turnaround_days"]) }) },
        { key: t("people.rules.release"), value: release(policy["release"]) },
        { key: t("people.rules.claim"), value: t("people.rules.minutes", { n: number(policy["claim_minutes"]) }) },
        { key: t("people.rules.invite"), value: t("people.rules.daysAll", { n: number(policy["invite_days"]) }) },
      ]}
    />
  );
}

/** The policy is open JSON: what is not as it should be is shown as unknown. */
function number(value: unknown): number | string {
  return typeof value === "number" ? value : "?";
}

const WEEK = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

function release(value: unknown): string {
  if (typeof value !== "object" || value === null || !("when" in value)) return "?";
  if (value.when === "always") return t("people.rules.release.always");
  const given: Readonly<Record<string, unknown>> = { ...value };
  const names = t("common.weekdays").split(" ");
  const days = Array.isArray(given["days"]) ? given["days"] : [];
  const shown = days.map((day: unknown) => (names[WEEK.indexOf(String(day))] ?? "").replace("_", " "));
  const clock = (time: unknown) => String(time).slice(0, 5);
  return t("people.rules.release.hours", {
    days: shown.join(", "),
    from: clock(given["from"]),
    until: clock(given["until"]),
  });
}
