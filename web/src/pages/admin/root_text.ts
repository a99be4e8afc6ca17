/** The root file as text, for paper: hexadecimal in blocks of four, which somebody can type again. */

import { hex, unhex } from "../../seal/index.ts";

export function asText(file: Uint8Array): string {
  return hex(file).replace(/(.{4})(?=.)/g, "$1 ");
}

/** The bytes of typed text; null when it is no such text. */
export function fromText(typed: string): Uint8Array | null {
  const digits = typed.replace(/\s/g, "").toLowerCase();
  return /^(?:[0-9a-f]{2})+$/.test(digits) ? unhex(digits) : null;
}
