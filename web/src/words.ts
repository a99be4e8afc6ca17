/**
 * What the screens say, in English and Welsh: one JSON file per area and language, fetched when a
 * page needs it. Dates are spelled by our own words, because old phones know no Welsh.
 */

import type { ComponentChildren } from "preact";

export type Lang = "en" | "cy";
export const LANGS: readonly Lang[] = ["en", "cy"];

type Sheet = Readonly<Record<string, string>>;
/** A site's words: how to fetch each area in each language. */
export type WordFiles = Readonly<Record<Lang, Readonly<Record<string, () => Promise<{ default: Sheet }>>>>>;

type All = typeof import("./words/en/common.json") &
  typeof import("./words/en/join.json") &
  typeof import("./words/en/letters.json") &
  typeof import("./words/en/write.json") &
  typeof import("./words/en/settings.json") &
  typeof import("./words/en/desk.json") &
  typeof import("./words/en/people.json");
export type Key = Exclude<keyof All, "default">;
/** Keys of which there is one per plural form, without the form. */
export type PluralKey = Key extends infer K ? (K extends `${infer Stem}.other` ? Stem : never) : never;

export type Params = Readonly<Record<string, string | number>>;

let current: Lang = "en";
const known: Record<Lang, Record<string, string>> = { en: {}, cy: {} };

/** The language on screen. */
export function lang(): Lang {
  return current;
}

/** Fetches the areas in `wanted` and then speaks it. */
export async function speak(files: WordFiles, wanted: Lang, areas: Iterable<string>): Promise<void> {
  const missing = [...areas].filter((area) => !(`${area}:` in known[wanted]));
  await Promise.all(
    missing.map(async (area) => {
      const file = files[wanted][area];
      if (file === undefined) throw new Error(`no words for ${area}`);
      Object.assign(known[wanted], (await file()).default, { [`${area}:`]: "" });
    }),
  );
  current = wanted;
}

/** Whether it is spoken, and these areas are there. */
export function speaks(wanted: Lang, areas: readonly string[]): boolean {
  return current === wanted && areas.every((area) => `${area}:` in known[wanted]);
}

/** The words of a key, with `{name}` filled in. */
export function t(key: Key, params: Params = {}): string {
  return fill(text(key), params);
}

/** The words of a key that ends in a word of the server's; none for a word that is new here. */
export function tKnown(key: string, params: Params = {}): string | undefined {
  const words = known[current][key];
  return words && fill(words, params);
}

/** The words of a key for `n` things; `{n}` is filled in. */
export function plural(key: PluralKey, n: number, params: Params = {}): string {
  const form = new Intl.PluralRules(current).select(n);
  const words = known[current][`${key}.${form}`] ?? text(`${key}.other`);
  return fill(words, { n, ...params });
}

/** Makes something of the text inside `<name>…</name>`. */
export type Makers = Readonly<Record<string, (text: string) => ComponentChildren>>;

/** The words of a key, with `<a>…</a>` and the like made into elements. */
export function rich(key: Key, makers: Makers, params: Params = {}): ComponentChildren[] {
  const pieces: ComponentChildren[] = [];
  let rest = t(key, params);
  for (let found = ELEMENT.exec(rest); found !== null; found = ELEMENT.exec(rest)) {
    const [whole, name = "", inside = ""] = found;
    pieces.push(rest.slice(0, found.index), makers[name]?.(inside) ?? inside);
    rest = rest.slice(found.index + whole.length);
  }
  return [...pieces, rest];
}

const ELEMENT = /<([a-z]+)>(.*?)<\/\1>/;

function text(key: string): string {
  const words = known[current][key];
  if (words === undefined) throw new Error(`no words for ${key} in ${current}`);
  return words;
}

function fill(words: string, params: Params): string {
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** `2025-06-12` or an RFC 3339 time as "Thursday 12 June". */
export function dayLong(at: string): string {
  const { weekday, day, month: name } = parts(at);
  return t("common.date.long", { weekday, day, month: name });
}

/** As "12 June". */
export function dayShort(at: string): string {
  const { day, month: name } = parts(at);
  return t("common.date.short", { day, month: name });
}

/** As "12 June 2025". */
export function dayYear(at: string): string {
  const { day, month: name, year } = parts(at);
  return t("common.date.year", { day, month: name, year });
}

/** A time as "11 June, 10:42". */
export function when(at: string): string {
  return t("common.date.when", { day: dayShort(at), clock: clock(at) });
}

/** A time of day as "10:42". */
export function clock(at: string): string {
  const { hour, minute } = parts(at);
  return `${hour}:${minute}`;
}

/** 1 to 12 as "January" to "December". */
export function month(n: number): string {
  return list("common.months")[n - 1] ?? "";
}

function list(key: Key): string[] {
  return t(key).split(" ");
}

interface DateParts {
  readonly weekday: string;
  readonly day: number;
  readonly month: string;
  readonly year: number;
  readonly hour: string;
  readonly minute: string;
}

/** A day stands for itself; a time is shown as clocks in London show it. */
function parts(at: string): DateParts {
  const isDay = at.length === 10;
  const date = new Date(isDay ? `${at}T12:00:00Z` : at);
  const found = Object.fromEntries(LONDON.formatToParts(date).map(({ type, value }) => [type, value]));
  const [year, monthNumber, day] = [Number(found["year"]), Number(found["month"]), Number(found["day"])];
  const weekday = new Date(Date.UTC(year, monthNumber - 1, day)).getUTCDay();
  return {
    weekday: (list("common.weekdays")[weekday] ?? "").replace("_", " "),
    day,
    month: month(monthNumber),
    year,
    hour: found["hour"] ?? "",
    minute: found["minute"] ?? "",
  };
}

const LONDON = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
