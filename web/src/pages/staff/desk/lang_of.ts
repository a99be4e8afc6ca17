/** The language of a letter, so that it is read out in it; empty when it cannot be told. */

const WELSH = new Set("yn yr mae chi i'r a'r o'r rydw rydyn wedi hefyd iawn diolch annwyl gan bod oedd eich ein".split(" "));
const ENGLISH = new Set("the and you your we is are was were have has with for that this of to dear love".split(" "));

export function langOf(text: string): "en" | "cy" | "" {
  const words = text.toLowerCase().replace(/’/g, "'").split(/[^\p{L}']+/u);
  const welsh = words.filter((word) => WELSH.has(word)).length;
  const english = words.filter((word) => ENGLISH.has(word)).length;
  if (welsh === english) return "";
  return welsh > english ? "cy" : "en";
}
