/** New keys for somebody who lost theirs: how far that has come, and the days in which it can be stopped. */

import type { Agency } from "../../../acts/session.ts";
import type { Place } from "../../../acts/standing.ts";
import type * as Api from "../../../api_types.ts";
import { sheetStage } from "./following.ts";

/** The worker never waits less, whatever an agency's own rules say. */
const LEAST: Wait = { hours: 72, met: 24 };
const HOUR = 3_600_000;

/** From the first certificate to the day on which the new keys count, in hours. */
export interface Wait {
  readonly hours: number;
  /** For somebody whom staff saw face to face, as both have signed. */
  readonly met: number;
}

export type Renewal =
  /** Nobody has made a sheet for new keys. */
  | { readonly at: "none" }
  | { readonly at: "made" | "run-out"; readonly invite: Api.Invite }
  /** Their new keys are here; the first of two is to ring them up. */
  | { readonly at: "joined"; readonly invite: Api.Invite }
  | { readonly at: "verifying"; readonly invite: Api.Invite }
  /** Certified by one; a second person is to ring them up. */
  | { readonly at: "first"; readonly invite: Api.Invite; readonly first: string }
  /** Certified by two; it counts from then on. */
  | { readonly at: "counting"; readonly invite: Api.Invite; readonly from: Date }
  /** Whoever still has the old keys has stopped it. */
  | { readonly at: "objected"; readonly invite: Api.Invite }
  /** In force, and not yet in the arrangement's governing version. */
  | { readonly at: "certified"; readonly invite: Api.Invite; readonly certificate: string };

/** `invites` newest first, as the server lists them; `wait` as `waitOf` has it. */
export function renewalOf(
  { membership, certificate }: Pick<Place, "membership" | "certificate">,
  invites: readonly Api.Invite[],
  wait: Wait,
  now: Date,
): Renewal {
  const mine = invites.filter((each) => each.membership === membership);
  // The sheet by which they came to the keys they had last ends the search.
  const since = mine.findIndex(({ status }) => status === "certified");
  const last = mine[since];
  const inForce = last?.certificates.find(({ in_force }) => in_force);
  if (last !== undefined && inForce !== undefined && inForce.statement !== certificate) {
    return { at: "certified", invite: last, certificate: inForce.statement };
  }
  const newer = since < 0 ? mine : mine.slice(0, since);
  const used = newer.find(({ status }) => status === "joined");
  const [sheet] = newer;
  const stage = used === undefined ? null : usedStage(used, wait);
  // A newer sheet takes the place of one that was stopped; of one that goes on it does not.
  if (stage !== null && (sheet === used || stage.at !== "objected")) return stage;
  if (sheet === undefined) return { at: "none" };
  return { at: sheetStage(sheet, now) === "run-out" ? "run-out" : "made", invite: sheet };
}

function usedStage(invite: Api.Invite, wait: Wait): Renewal {
  const signed = invite.certificates.filter(({ verdict }) => verdict !== "quarantined");
  const [first, second] = signed;
  if (first === undefined) return { at: "joined", invite };
  if (first.ended) return { at: "objected", invite };
  if (first.verdict === "waiting") return { at: "verifying", invite };
  if (second === undefined) return { at: "first", invite, first: first.statement };
  const since = new Date(first.judged_at ?? invite.made_at);
  const hours = first.met ? wait.met : wait.hours;
  return { at: "counting", invite, from: new Date(since.getTime() + hours * HOUR) };
}

/** The agency's own rules, which travel as open JSON; the national ones where it has none, and never less. */
export function waitOf(agency: Agency | null): Wait {
  const notices = (agency?.policy["notices"] ?? {}) as Record<string, unknown>;
  const atLeast = (rule: string, least: number) => {
    const own = notices[rule];
    return Math.max(typeof own === "number" ? own : least, least);
  };
  return { hours: atLeast("recovery_hours", LEAST.hours), met: atLeast("recovery_hours_in_person", LEAST.met) };
}

/** Whether their keys were stopped, and no others are in force. */
export function isStopped(membership: string, invites: readonly Api.Invite[]): boolean {
  const mine = invites.filter((each) => each.membership === membership);
  const certificates = mine.flatMap((each) => each.certificates);
  return mine.some(({ status }) => status === "certified") && !certificates.some(({ in_force }) => in_force);
}

/** A place that somebody has had keys for. */
export interface KnownPlace extends Api.MemberPlace {
  /** In force; empty when the last was stopped. */
  readonly certificate: string;
  /** When it took the place of an earlier one, if it did. */
  readonly renewedAt: string | null;
}

/** One for each membership; `invites` newest first. */
export function knownPlaces(invites: readonly Api.Invite[]): KnownPlace[] {
  const places = new Map<string, KnownPlace>();
  for (const { membership, arrangement, status, certificates } of [...invites].reverse()) {
    if (!membership || !arrangement || status !== "certified") continue;
    const now = certificates.find(({ in_force }) => in_force);
    const renewedAt = places.has(membership) ? (now?.judged_at ?? null) : null;
    places.set(membership, { membership, arrangement, certificate: now?.statement ?? "", renewedAt });
  }
  return [...places.values()];
}
