/** The language of a letter, so that it is read out in it. */

const WELSH = new Set(
  "yn yr mae chi i'r a'r o'r rydw rydyn roedd wedi hefyd iawn diolch annwyl gan bod oedd eich ein dw nhw cariad".split(
    " ",
  ),
);
const ENGLISH = new Set(
  "the and you your we is are was were have has with for that this of to dear love".split(" "),
);

/** Undefined when it cannot be told. */
export function languageOf(text: string): "en" | "cy" | undefined {
  const words =
    text
      .toLowerCase()
      .replace(/’/g, "'")
      .match(/[\p{L}']+/gu) ?? [];
  const welsh = words.filter((word) => WELSH.has(word)).length;
  const english = words.filter((word) => ENGLISH.has(word)).length;
  if (welsh === english) return undefined;
  return welsh > english ? "cy" : "en";
}
