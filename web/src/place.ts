/**
 * Where in the site this tab is: the browser's history, and for each entry how far down the page it
 * was and what had the focus, so that Back comes back to the same spot.
 */

interface Spot {
  readonly top: number;
  /** The `href` of the link that led on. */
  readonly focus: string | null;
}

/** What a popped entry wants; null once it has it, and after every step forward. */
let wanted: Spot | null = null;

function spotOf(state: unknown): Spot | null {
  if (typeof state !== "object" || state === null || !("top" in state)) return null;
  const { top } = state;
  const focus = "focus" in state && typeof state.focus === "string" ? state.focus : null;
  return typeof top === "number" ? { top, focus } : null;
}

/** Calls `moved` after Back and Forward. */
export function listen(moved: () => void): void {
  history.scrollRestoration = "manual";
  addEventListener("popstate", (event) => {
    wanted = spotOf(event.state);
    moved();
  });
}

/** Goes to a path of this site and forgets no spot. */
export function push(path: string, replace: boolean): void {
  wanted = null;
  if (replace) {
    history.replaceState(null, "", path);
    return;
  }
  const focus = document.activeElement?.getAttribute("href") ?? null;
  history.replaceState({ top: scrollY, focus } satisfies Spot, "");
  history.pushState(null, "", path);
}

/**
 * The page, or what it waited for, is on screen: goes to the spot of a popped entry as soon as the
 * page is long enough, otherwise to the top. Returns whether the focus was put back too.
 */
export function settle(): boolean {
  const spot = wanted;
  if (spot === null) return false;
  scrollTo(0, spot.top);
  const link = spot.focus === null ? null : document.querySelector(`a[href="${CSS.escape(spot.focus)}"]`);
  if (link instanceof HTMLElement) {
    link.focus({ preventScroll: true });
    wanted = null;
  }
  return wanted === null;
}

/** A page was shown anew: from its top, unless Back wants another spot. */
export function arrive(heading: HTMLElement | null): void {
  if (settle()) return;
  if (wanted === null) scrollTo(0, 0);
  heading?.focus({ preventScroll: true });
}
