/** The staff site's words. */

import type { WordFiles } from "../words.ts";

export const words: WordFiles = {
  en: {
    common: () => import("./en/common.json"),
    join: () => import("./en/join.json"),
    settings: () => import("./en/settings.json"),
    desk: () => import("./en/desk.json"),
    people: () => import("./en/people.json"),
  },
  cy: {
    common: () => import("./cy/common.json"),
    join: () => import("./cy/join.json"),
    settings: () => import("./cy/settings.json"),
    desk: () => import("./cy/desk.json"),
    people: () => import("./cy/people.json"),
  },
};
