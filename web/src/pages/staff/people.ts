/** Arrangements, the people in them, and the team: one fetch. */

export { Arrangement } from "./people/arrangement.tsx";
export { Arrangements } from "./people/arrangements.tsx";
export { ComingBack } from "./people/coming_back.tsx";
export { GiveBack } from "./people/give_back.tsx";
export { Invite } from "./people/invite.tsx";
export { Invites } from "./people/invites.tsx";
export { NewArrangement } from "./people/new_arrangement.tsx";
export { NewInvite } from "./people/invite_new.tsx";
export { NewKey } from "./people/new_key.tsx";
export { TakeOver } from "./people/take_over.tsx";
export { Team } from "./people/team.tsx";
export { TeamKey } from "./people/team_key.tsx";
