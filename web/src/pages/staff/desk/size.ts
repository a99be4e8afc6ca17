/** How long a letter is: its sealed file has one of five lengths, and that is all that is known. */

import { LETTER_SIZES } from "../../../seal/statement.ts";
import { t } from "../../../words.ts";

const NAMES = ["words", "photo", "photos", "more", "most"] as const;

export function sizeName(length: number): string {
  const name = NAMES[LETTER_SIZES.findIndex((size) => size === length)];
  return name === undefined ? "" : t(`desk.size.${name}`);
}
