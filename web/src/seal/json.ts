/** JSON with one spelling: what re-serialising does not reproduce byte for byte is refused. */

import { ensure } from "./refusal.ts";
import type { Shape } from "./shape.ts";

/**
 * Reads compact JSON of a shape. `JSON.parse` keeps the last of two duplicate keys silently and
 * accepts many spellings of one number; comparing with the rewritten text refuses them all.
 */
export function readJson<T>(json: string, shape: Shape<T>, code: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  ensure(shape(value) && JSON.stringify(value) === json, code);
  return value;
}
