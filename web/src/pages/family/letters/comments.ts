/** What staff wrote about passages of a letter, and where those passages are. */

/** A comment as the desk words it: the passage in quotation marks on a line of its own, then the rest. */
export interface Comment {
  /** Empty when it is about the whole letter. */
  readonly passage: string;
  readonly text: string;
  /** Where the passage is; null when it is not in the letter any more, or there is none. */
  readonly span: { readonly start: number; readonly end: number } | null;
}

const QUOTED = /^“([^”\n]+)”\n\n/;

export function readComment(written: string, letter: string): Comment {
  const quoted = QUOTED.exec(written);
  if (quoted === null) return { passage: "", text: written, span: null };
  const [line, passage = ""] = quoted;
  return { passage, text: written.slice(line.length), span: find(passage, letter) };
}

/** The passage, whatever its white space; only its beginning when it was shortened. */
function find(passage: string, letter: string): Comment["span"] {
  const words = passage.replace(/…$/, "").trim().split(/\s+/);
  const pattern = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("\\s+");
  const found = new RegExp(pattern, "u").exec(letter);
  return found === null ? null : { start: found.index, end: found.index + found[0].length };
}
