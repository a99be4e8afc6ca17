/** Checks of parsed JSON values, composed from tables; a shape is its own static type. */

/** A check that narrows an unknown value. */
export type Shape<T> = (value: unknown) => value is T;

/** The type a shape accepts. */
export type Of<S> = S extends Shape<infer T> ? T : never;

type Fields = Readonly<Record<string, Shape<unknown>>>;

/** Strings matching a whole pattern. */
export function matching(pattern: RegExp): Shape<string> {
  return (value): value is string => typeof value === "string" && pattern.test(value);
}

/** One of the given strings or numbers. */
export function oneOf<const T extends string | number>(...allowed: readonly T[]): Shape<T> {
  return (value): value is T => (allowed as readonly unknown[]).includes(value);
}

/** Integers from `min` up to `max`, at most 2^53 − 1. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Shape<number> {
  return (value): value is number =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

export const boolean: Shape<boolean> = (value): value is boolean => typeof value === "boolean";

/** Arrays of values of one shape. */
export function list<T>(of: Shape<T>, min = 0, max = Number.POSITIVE_INFINITY): Shape<readonly T[]> {
  return (value): value is readonly T[] =>
    Array.isArray(value) && value.length >= min && value.length <= max && value.every((item) => of(item));
}

/** Arrays in strictly ascending order of `key`: sorted, no duplicates, one spelling per set. */
export function ascending<T>(of: Shape<readonly T[]>, key: (item: T) => string): Shape<readonly T[]> {
  return (value): value is readonly T[] =>
    of(value) && value.every((item, i) => i === 0 || key(value[i - 1] as T) < key(item));
}

/** Objects with exactly these keys, in any order. */
export function record<F extends Fields>(fields: F): Shape<{ readonly [K in keyof F]: Of<F[K]> }> {
  return (value): value is { readonly [K in keyof F]: Of<F[K]> } => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const given = Object.entries(value);
    const fit = given.every(([name, item]) => Object.hasOwn(fields, name) && fields[name]?.(item) === true);
    return fit && given.length === Object.keys(fields).length;
  };
}

/** Objects with exactly these keys, in this order. */
export function object<F extends Fields>(fields: F): Shape<{ readonly [K in keyof F]: Of<F[K]> }> {
  const names = Object.keys(fields);
  const isRecord = record(fields);
  return (value): value is { readonly [K in keyof F]: Of<F[K]> } => {
    return isRecord(value) && Object.keys(value).every((name, i) => name === names[i]);
  };
}
