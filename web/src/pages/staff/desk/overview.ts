/** What waits at the desk today. */

import { queue, type WaitingLetter } from "../../../acts/checking.ts";
import { toGiveBack } from "../../../acts/giving_back.ts";
import { moves } from "../../../acts/moving.ts";
import { messages, quarantine, teams, type Team, type TeamMessage, wordsRequests } from "../../../acts/staffing.ts";
import type { Keys } from "../../../keys.ts";
import { checks, colleagues, isLead } from "./colleagues.ts";
import { dueOf, todayInLondon } from "./due.ts";
import { outbox } from "./outbox.ts";
import { serve } from "./serve.ts";

export interface Overview {
  /** False for staff who check no letters: all else is empty then. */
  readonly checks: boolean;
  readonly isLead: boolean;
  /** Served to this person, in order. */
  readonly mine: readonly WaitingLetter[];
  readonly overdue: number;
  readonly today: number;
  readonly second: number;
  /** With a colleague now. */
  readonly elsewhere: number;
  readonly messages: readonly TeamMessage[];
  /** People who lost their words, and letters that a second person is to give back. */
  readonly asking: number;
  readonly toGiveBack: number;
  /** Arrangements that other teams offer to this person's, for whom to take over. */
  readonly offered: number;
  /** Null for those who may not see it. */
  readonly quarantined: number | null;
  /** Teams of this person that cannot get letters yet. */
  readonly keyless: readonly Team[];
  /** Teams of this person that somebody with their key has left. */
  readonly keyDue: readonly Team[];
}

const NOTHING = {
  mine: [],
  overdue: 0,
  today: 0,
  second: 0,
  elsewhere: 0,
  messages: [],
  asking: 0,
  toGiveBack: 0,
  offered: 0,
  keyless: [],
  keyDue: [],
};

export async function overview(keys: Keys): Promise<Overview> {
  // What was decided a moment ago is sent first: the counts are to know it.
  await outbox.flush();
  const { me } = await colleagues(keys);
  if (me === null || !checks(me)) return { ...NOTHING, checks: false, isLead: false, quarantined: null };
  const leads = isLead(me);
  const [waiting, told, known, asking, letters, offers, stopped] = await Promise.all([
    queue(),
    messages(),
    teams(),
    wordsRequests(),
    toGiveBack(),
    leads ? moves() : [],
    leads ? quarantine() : null,
  ]);
  const day = todayInLondon();
  const urgent = (urgency: string) => waiting.filter(({ due_on }) => dueOf(due_on, day).urgency === urgency);
  return {
    checks: true,
    isLead: leads,
    mine: serve(waiting, me.staff),
    overdue: urgent("overdue").length,
    today: urgent("today").length,
    second: waiting.filter(({ steps }) => steps > 0).length,
    elsewhere: waiting.filter(({ claim }) => claim && claim.staff !== me.staff).length,
    messages: told.filter(({ answered_at }) => !answered_at),
    asking: asking.filter(({ memberships }) => memberships.length > 0).length,
    toGiveBack: letters.reduce((sum, each) => sum + each.letters, 0),
    offered: offers.filter(({ to }) => me.teams.includes(to)).length,
    quarantined: stopped === null ? null : stopped.length,
    keyless: known.filter(({ team, epoch }) => me.teams.includes(team) && !epoch),
    keyDue: known.filter(({ team, key_due_since }) => me.teams.includes(team) && key_due_since),
  };
}
