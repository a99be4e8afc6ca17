/** Invitations as staff follow them, and how far somebody has come on the way in. */

import { listAll } from "../../../api.ts";
import type * as Api from "../../../api_types.ts";
import type { Place } from "../../../acts/standing.ts";

/** After so many days without a sign, a call is better than waiting. */
const QUIET_DAYS = 7;

/** Newest first. */
export function followed(): Promise<Api.Invite[]> {
  return listAll<Api.Invite>("/api/invites");
}

/** Where somebody is: on paper, on the way in, or in. */
export type Stage =
  | { readonly at: "online" }
  /** Had keys, which were stopped. */
  | { readonly at: "stopped" }
  | { readonly at: "paper" }
  | { readonly at: "made" | "unopened" | "run-out"; readonly invite: Api.Invite }
  /** Their keys are here; they are to be rung up. */
  | { readonly at: "joined"; readonly invite: Api.Invite }
  /** Certified; the worker has yet to verify it. */
  | { readonly at: "verifying"; readonly invite: Api.Invite; readonly statement: string }
  /** Certified, and not yet in the arrangement's governing version. */
  | { readonly at: "certified"; readonly invite: Api.Invite; readonly certificate: string };

/** `invites` newest first, as the server lists them. */
export function stageOf(place: Place, invites: readonly Api.Invite[], now: Date): Stage {
  const mine = invites.filter(({ membership }) => membership === place.membership);
  for (const invite of mine) {
    const inForce = invite.certificates.find(({ in_force }) => in_force);
    if (inForce === undefined) continue;
    if (inForce.statement === place.certificate) return { at: "online" };
    return { at: "certified", invite, certificate: inForce.statement };
  }
  // Sheets for new keys have a page of their own.
  if (mine.some(({ status }) => status === "certified")) return { at: "stopped" };
  if (place.certificate !== "") return { at: "online" };
  for (const invite of mine) {
    const waiting = invite.certificates.find(({ verdict }) => verdict === "waiting");
    if (waiting !== undefined) return { at: "verifying", invite, statement: waiting.statement };
  }
  const joined = mine.find(({ status }) => status === "joined");
  if (joined !== undefined) return { at: "joined", invite: joined };
  const [newest] = mine;
  return newest === undefined ? { at: "paper" } : { at: sheetStage(newest, now), invite: newest };
}

/** Of a sheet that nobody has used. */
export function sheetStage(invite: Api.Invite, now: Date): "made" | "unopened" | "run-out" {
  if (invite.status === "run_out") return "run-out";
  const days = (now.getTime() - new Date(invite.made_at).getTime()) / 86_400_000;
  return days >= QUIET_DAYS ? "unopened" : "made";
}
