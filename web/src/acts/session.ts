/** Who is signed in here, and which agency this is. */

import type * as Api from "../api_types.ts";

export type Session = Api.Session;
export type Agency = Api.Agency;

/** Nobody signed in is null, never an error. */
export function currentSession(): Promise<Session | null> { throw new Error("soon"); }
/** Null until the agency is founded. */
export function agency(): Promise<Agency | null> { throw new Error("soon"); }
/** Where the browser goes to sign in; it comes back to `returnTo`. */
export function signInPath(_returnTo: string): string { throw new Error("soon"); }
export function signOut(_everywhere?: boolean): Promise<void> { throw new Error("soon"); }
