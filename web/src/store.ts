/** The only localStorage, sessionStorage and IndexedDB. Each may be refused: nothing here throws. */

/** `en`, `cy` or null when nothing is kept. */
export function keptLang(): "en" | "cy" | null { return null; }
/** False when it could not be kept. */
export function keepLang(_lang: "en" | "cy"): boolean { return false; }
export function safetySeen(): boolean { return false; }
export function keepSafetySeen(): boolean { return false; }
/** The code typed at F3, for the ride through sign-in. */
export function keptCode(): string | null { return null; }
export function keepCode(_code: string): boolean { return false; }
export function wipeCode(): void {}
