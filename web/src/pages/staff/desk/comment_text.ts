/** What a writer is told about passages of their letter, as the text of one sealed comment each. */

import { t } from "../../../words.ts";
import type { Passage } from "./work.ts";

/**
 * The passage in quotation marks on a line of its own, if it is about one; then the comment; then
 * the suggested words.
 */
export function commentText({ passage, comment, suggestion }: Passage): string {
  const pieces = [
    passage === "" ? "" : `“${passage}”`,
    comment.trim(),
    suggestion.trim() === "" ? "" : t("desk.comment.suggested", { words: suggestion.trim() }),
  ];
  // As the protocol wants text: composed, and with no line ending but its own.
  return pieces
    .filter((piece) => piece !== "")
    .join("\n\n")
    .replace(/\r\n?/g, "\n")
    .normalize("NFC");
}

/** A passage may be long; what is quoted of it is one line. */
export function quotable(words: string): string {
  const line = words.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST).trimEnd()}…`;
}

const LONGEST = 200;
