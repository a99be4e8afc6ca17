/** Who is signed in here, and which agency this is. */

import { ApiProblem, get, post } from "../api.ts";
import type * as Api from "../api_types.ts";

export type Session = Api.Session;
export type Agency = Api.Agency;

/** Nobody signed in is null, never an error. */
export async function currentSession(): Promise<Session | null> {
  return unless(401, get<Session>("/api/session"));
}

/** Null until the agency is founded. Its word for itself: pinned keys, not this, are what is verified. */
export async function agency(): Promise<Agency | null> {
  return unless(404, get<Agency>("/api/agency"));
}

/** Where the browser goes to sign in; it comes back to `returnTo`, a path of this site. */
export function signInPath(returnTo: string): string {
  return `/api/sign-in?return_to=${encodeURIComponent(returnTo)}`;
}

export async function signOut(everywhere = false): Promise<void> {
  await post(`/api/sign-out?everywhere=${everywhere}`, {}, true);
}

/** Null in the place of one status. */
export async function unless<T>(status: number, answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === status) return null;
    throw error;
  }
}
