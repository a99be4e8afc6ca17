/** What a path shows: the page itself, or what must come first. The address stays as it is. */

import type { Session } from "./acts/session.ts";
import { match, type Params, type Route } from "./route.ts";
import type { Key, WordFiles } from "./words.ts";

/** One of the two sites. */
export interface Site {
  readonly name: "family" | "staff";
  readonly routes: readonly Route[];
  readonly words: WordFiles;
  /** The front door, which is also where a page that needs a session sends people. */
  readonly door: Route;
  readonly unlock: Route;
  /** For accounts that have no keys yet. */
  readonly join: Route;
  /** Comes before the first page that has Exit; none for staff. */
  readonly safety?: Route;
  /** For paths that lead nowhere. */
  readonly missing: Route;
  /** Links at the top once the letterbox is open. */
  readonly nav: readonly { readonly to: string; readonly key: Key }[];
}

/** What is known of whoever is at the screen. */
export interface Standing {
  readonly session: Session | null;
  readonly isOpen: boolean;
  readonly knowsExit: boolean;
}

export interface Place {
  readonly route: Route;
  readonly params: Params;
}

export function guard(site: Site, path: string, { session, isOpen, knowsExit }: Standing): Place {
  const found = match(site.routes, path) ?? { route: site.missing, params: {} };
  const first = (route: Route): Place => ({ route, params: {} });
  const { safety } = site;
  if (safety !== undefined && !knowsExit && found.route.path !== site.door.path) return first(safety);
  if (found.route.needs === "anybody") return found;
  if (session === null) return first(site.door);
  if (found.route.needs === "session") return found;
  if (session.new && !isOpen) return first(site.join);
  return isOpen ? found : first(site.unlock);
}
