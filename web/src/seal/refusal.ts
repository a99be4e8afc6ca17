/** The one error this library throws at input it does not accept. */

/**
 * Names the check that failed by a stable kebab-case code, the same as in `crates/seal`.
 * It never carries content: codes may be shown to the agency.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}

/** Refuses with `code` unless `condition` holds. */
export function ensure(condition: boolean, code: string): asserts condition {
  if (!condition) throw new Refusal(code);
}
