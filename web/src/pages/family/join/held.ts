/** The code between the page where it is typed and the enrolment it is for. */

import { type Invitation, lookUp } from "../../../acts/joining.ts";
import { ApiProblem } from "../../../api.ts";
import { keepCode, keptCode, wipeCode } from "../../../store.ts";
import { plural, t } from "../../../words.ts";

/** For browsers that keep nothing: lost on the way to signing in, but not from page to page. */
let typed: string | null = null;
let found: { readonly code: string; readonly invitation: Invitation } | null = null;
let joining = false;

export function holdCode(code: string): void {
  typed = code;
  keepCode(code);
}

export function heldCode(): string | null {
  return typed ?? keptCode();
}

/** Whether the code will still be here after the ride through sign-in. */
export function survivesSignIn(): boolean {
  return keptCode() !== null;
}

export function dropCode(): void {
  typed = null;
  found = null;
  wipeCode();
}

/** Looks a code up once; the pages that follow use what was found. */
export async function find(code: string): Promise<Invitation> {
  if (found?.code !== code) found = { code, invitation: await lookUp(code) };
  return found.invitation;
}

/** In blocks of four, as on the sheet. */
export function inBlocks(code: string): string {
  return (code.match(/.{1,4}/g) ?? []).join(" ");
}

/** What is wrong with a code, in words; null when it is not the code that is wrong. */
export function codeTrouble(error: unknown, phone: string): string | null {
  if (!(error instanceof ApiProblem)) return null;
  if (error.status === 404) return t("join.code.wrong");
  if (error.status === 429) return plural("join.code.many", Math.ceil((error.retryAfter ?? 60) / 60));
  if (error.status !== 410) return null;
  if (hasRunOut(error)) return t("join.code.old");
  return t("join.code.used", { phone: phone === "" ? t("join.team") : phone });
}

export function hasRunOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 410 && error.code !== "code-used";
}

/** The plan ends the joining once; looked at later, it leads back Home. */
export function setJoining(is: boolean): void {
  joining = is;
}

export function isJoining(): boolean {
  return joining;
}
