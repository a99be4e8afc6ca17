/** The family site's words. */

import type { WordFiles } from "../words.ts";

export const words: WordFiles = {
  en: {
    common: () => import("./en/common.json"),
    join: () => import("./en/join.json"),
    letters: () => import("./en/letters.json"),
    write: () => import("./en/write.json"),
    settings: () => import("./en/settings.json"),
  },
  cy: {
    common: () => import("./cy/common.json"),
    join: () => import("./cy/join.json"),
    letters: () => import("./cy/letters.json"),
    write: () => import("./cy/write.json"),
    settings: () => import("./cy/settings.json"),
  },
};
