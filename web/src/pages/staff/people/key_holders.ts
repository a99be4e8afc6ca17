/** A team's newest key, and who was given it. */

import { type Colleague, everybody, type Team } from "../../../acts/staffing.ts";
import { get } from "../../../api.ts";
import type * as Api from "../../../api_types.ts";
import type { Keys } from "../../../keys.ts";

export interface KeyState {
  readonly team: Team;
  /** The newest key's number; null before the first. */
  readonly n: number | null;
  /** Whether this person's own wrap is there. */
  readonly isMine: boolean;
  /** Who has it. */
  readonly holders: readonly Colleague[];
  /** Certified after it was made: they get the next one. */
  readonly later: readonly Colleague[];
}

const HOLDING: readonly string[] = ["coordinator", "lead"];

/**
 * A key is sealed to everybody on the team who was in the log when it was made, so places in the log
 * say who has it.
 */
export async function keyState(keys: Keys, team: Team): Promise<KeyState> {
  const [staff, epochs] = await Promise.all([
    everybody(keys),
    get<Api.Epoch[]>(`/api/teams/${team.team}/epochs`),
  ]);
  const onTeam = staff.filter(
    ({ teams, roles }) => teams.includes(team.team) && roles.some((role) => HOLDING.includes(role)),
  );
  const newest = epochs.at(-1);
  if (newest === undefined) return { team, n: null, isMine: false, holders: [], later: onTeam };
  const made = await placeInLog(newest.statement);
  const places = await Promise.all(onTeam.map(({ certificate }) => placeInLog(certificate)));
  const isBefore = (at: number) => (places[at] ?? Infinity) < made;
  return {
    team,
    n: newest.n,
    isMine: newest.wrap !== null && newest.wrap !== undefined,
    holders: onTeam.filter((_, at) => isBefore(at)),
    later: onTeam.filter((_, at) => !isBefore(at)),
  };
}

/** Infinity while it is not in the log. */
async function placeInLog(statement: string): Promise<number> {
  const { log_index: index } = await get<Api.Statement>(`/api/statements/${statement}`);
  return index ?? Infinity;
}
