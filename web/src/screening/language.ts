/** The language of a letter, so that it is read out in it. */

const WELSH =
  /(?<![\p{L}'’])(?:yn|yr|mae|chi|i['’]r|a['’]r|o['’]r|rydw|rydyn|roedd|wedi|hefyd|iawn|diolch|annwyl|gan|bod|oedd|eich|ein|dw|mi|nhw|cariad)(?![\p{L}])/giu;
const ENGLISH =
  /(?<![\p{L}'’])(?:the|and|you|your|we|is|are|was|were|have|has|with|for|that|this|of|to|dear|love)(?![\p{L}])/giu;

/** Undefined when it cannot be told. */
export function languageOf(text: string): "en" | "cy" | undefined {
  const [welsh, english] = [text.match(WELSH)?.length ?? 0, text.match(ENGLISH)?.length ?? 0];
  if (welsh === english) return undefined;
  return welsh > english ? "cy" : "en";
}
