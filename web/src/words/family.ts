/** The family site's words. */

import type { WordFiles } from "../words.ts";

export const words: WordFiles = {
  en: {
    common: () => import("./en/common.json"),
    letterbox: () => import("./en/family_letterbox.ts"),
    letters: () => import("./en/family_letters.ts"),
  },
  cy: {
    common: () => import("./cy/common.json"),
    letterbox: () => import("./cy/family_letterbox.ts"),
    letters: () => import("./cy/family_letters.ts"),
  },
};
