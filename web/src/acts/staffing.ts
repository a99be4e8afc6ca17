/** The agency's people: inviting and certifying staff, teams, each team's key, and what reaches the team. */

import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import type { Root } from "./ceremony.ts";

export type StaffRole = "coordinator" | "lead" | "administrator" | "auditor" | "records";
export type Reason = "left" | "lost" | "compromised" | "mistake" | "replaced";
export type Team = Api.Team;
export type Quarantined = Api.Quarantined;

/** A printed sheet: the code, and where the server keeps the invitation. */
export interface Sheet {
  /** In blocks of four. */
  readonly code: string;
  /** The locator. */
  readonly invite: string;
  readonly expiresAt: string;
}

/** What a member of staff is to be. */
export interface Post {
  readonly staff: string;
  readonly person: string;
  readonly role: StaffRole;
  readonly teams: readonly string[];
}

/** Somebody who works here, verified from the root. */
export interface Colleague {
  readonly staff: string;
  readonly person: string;
  readonly certificate: string;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  /** First name as families see it: the server's word, for display alone. */
  readonly name: string | null;
}

/** A first half of a staff certificate that waits for its second. */
export interface FirstHalf {
  readonly statement: string;
  readonly enrol: string;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  /** Who signed it. */
  readonly by: string | null;
}

export type StaffInvite = Api.Invite;

/** Who this person is here, from their own verified certificate. Null for nobody of the staff. */
export function me(_keys: Keys): Promise<Colleague | null> { throw new Error("soon"); }
/** Everybody whose certificate is in force. */
export function everybody(_keys: Keys): Promise<Colleague[]> { throw new Error("soon"); }
export function firstHalves(_keys: Keys): Promise<FirstHalf[]> { throw new Error("soon"); }
export function setMyName(_name: string): Promise<void> { throw new Error("soon"); }

export function inviteStaff(_keys: Keys, _role: StaffRole): Promise<Sheet> { throw new Error("soon"); }
/** A post for somebody new. */
export function newPost(_role: StaffRole, _teams: readonly string[]): Post { throw new Error("soon"); }
/** Leads and administrators. Throws WrongDigits. */
export function certifyByRoot(_keys: Keys, _root: Root, _invite: string, _digits: string, _post: Post): Promise<string> { throw new Error("soon"); }
/** By a lead, within their own teams. Throws WrongDigits. */
export function certifyFirstHalf(_keys: Keys, _invite: string, _digits: string, _post: Post): Promise<string> { throw new Error("soon"); }
/** By another lead or an administrator. Throws WrongDigits. */
export function certifySecondHalf(_keys: Keys, _invite: string, _digits: string, _first: string): Promise<string> { throw new Error("soon"); }
/** Ends a certificate or an invitation. */
export function revoke(_keys: Keys, _target: string, _reason: Reason): Promise<void> { throw new Error("soon"); }

export function teams(): Promise<Team[]> { throw new Error("soon"); }
export function makeTeam(_name: string): Promise<string> { throw new Error("soon"); }
/** Gives the team its first or next key, sealed to every lead and coordinator in force. */
export function changeTeamKey(_keys: Keys, _team: string): Promise<void> { throw new Error("soon"); }

export function quarantine(): Promise<Quarantined[]> { throw new Error("soon"); }

/** What a member wrote to the team. */
export type TeamMessage = Api.Message;
export function messages(): Promise<TeamMessage[]> { throw new Error("soon"); }
/** Opened with the key of its epoch, its writer verified. Throws CannotOpen. */
export function openMessage(_keys: Keys, _message: TeamMessage): Promise<string> { throw new Error("soon"); }
export function answerMessage(_message: string): Promise<void> { throw new Error("soon"); }

/** Somebody who lost their words and asked for help. */
export interface WordsRequest {
  readonly account: string;
  readonly asked_at: string;
}
export function wordsRequests(): Promise<WordsRequest[]> { throw new Error("soon"); }
/** `null` while it waits; then whether the worker logged it, or why not. */
export function verdict(_statement: string): Promise<{ readonly logged: boolean; readonly reason: string | null } | null> { throw new Error("soon"); }
