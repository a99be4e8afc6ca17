/** Printed sheets speak both languages, whichever is on screen. */

import type people from "../../../words/en/people.json";
import { LANGS, type Lang } from "../../../words.ts";
import { dayIn } from "./days.ts";

type PeopleKey = keyof typeof people;

const FILES = {
  en: () => Promise.all([import("../../../words/en/people.json"), import("../../../words/en/common.json")]),
  cy: () => Promise.all([import("../../../words/cy/people.json"), import("../../../words/cy/common.json")]),
};

/** One language's words for paper. */
export interface Spoken {
  readonly lang: Lang;
  say(key: PeopleKey, params?: Readonly<Record<string, string>>): string;
  /** A time as "12 June 2025". */
  day(at: string): string;
}

/** English and Welsh, in this order. */
export function bothLanguages(): Promise<Spoken[]> {
  return Promise.all(
    LANGS.map(async (lang) => {
      const [{ default: words }, { default: common }] = await FILES[lang]();
      const fill = (text: string, params: Readonly<Record<string, string>>) =>
        text.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole);
      const months = common["common.months"].split(" ");
      return {
        lang,
        say: (key, params = {}) => fill(words[key], params),
        day: (at) => {
          const [year = "", month = "", day = ""] = dayIn(at).split("-");
          const name = months[Number(month) - 1] ?? "";
          return fill(common["common.date.year"], { day: String(Number(day)), month: name, year });
        },
      };
    }),
  );
}
