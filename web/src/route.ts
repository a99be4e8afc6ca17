/** Matching paths to pages. A path never names a person: ids in it are random. */

import type { ComponentType } from "preact";

/** What a page must have before it is shown; the guard in app.tsx sees to it. */
export type Needs = "anybody" | "session" | "keys";

export type Params = Readonly<Record<string, string>>;

export interface PageProps {
  readonly params: Params;
}

export type Page = ComponentType<PageProps>;

export interface Route {
  /** Segments; one that begins with a colon is a parameter. */
  readonly path: string;
  readonly needs: Needs;
  /** Areas of words the page speaks, besides `common`. */
  readonly words: readonly string[];
  readonly load: () => Promise<Page>;
}

/** The first route that fits, and the parameters it took from the path. */
export function match(
  routes: readonly Route[],
  path: string,
): { readonly route: Route; readonly params: Params } | null {
  const given = segments(path);
  for (const route of routes) {
    const params = take(segments(route.path), given);
    if (params !== null) return { route, params };
  }
  return null;
}

function segments(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function take(wanted: readonly string[], given: readonly string[]): Params | null {
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const found = given[index] ?? "";
    if (segment.startsWith(":")) params[segment.slice(1)] = found;
    else if (segment !== found) return null;
  }
  return params;
}
