/**
 * Moving an arrangement between teams: a lead of the one offers it, sealed for the other; a lead of the
 * other looks at it and takes it.
 */

import { get, listAll, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { type Body, type DocumentHead, idOf } from "../seal/index.ts";
import { cardUnder, type OpenedArrangement, teamOpener } from "./arrangement_files.ts";
import { nextMembers, writeNext } from "./arranging.ts";
import { type Card, parseTeamNotes, type TeamNotes } from "./card.ts";
import { Missing } from "./errors.ts";
import { parsePlan, type Plan } from "./plan.ts";
import { ledgerOf } from "./proofs.ts";
import type { TeamKey } from "./standing.ts";
import { since, trust, verified } from "./statements.ts";
import { teams } from "./teams.ts";

export type Move = Api.Move;

/** An offer to one's own team, verified from the root and opened. */
export interface Offer {
  /** The first half of the next version. */
  readonly statement: string;
  readonly plan: Plan;
  readonly notes: TeamNotes;
  /** Who offers it. */
  readonly staff: string;
  readonly version: Body<"arrangement">;
  readonly files: Pick<Api.WholeMove, "plan" | "notes">;
}

/** What one's teams offer or are offered. */
export function moves(): Promise<Move[]> {
  return get<Move[]>("/api/moves");
}

/**
 * Offers an arrangement to another team. Its cards are sealed to the team that has them, so what they
 * say goes along in the notes. Returns the statement's id.
 */
export async function giveAway(keys: Keys, opened: OpenedArrangement, to: string): Promise<string> {
  const { standing, plan } = opened;
  const notes = { ...opened.notes, cards: await cardsToGive(keys, opened) };
  const members = nextMembers(standing, {}, {});
  const team = { id: to, key: await keyOfOther(keys, to) };
  return writeNext(keys, standing, { members, team, reviewers: standing.reviewers }, { plan, notes });
}

/** Of each person the card that their certificate names; of whom nobody has certified, the newest. */
async function cardsToGive(
  keys: Keys,
  { standing, notes, cards }: OpenedArrangement,
): Promise<Record<string, Card>> {
  const invites = await listAll<Api.Invite>("/api/invites");
  const given: Record<string, Card> = { ...notes.cards };
  for (const { membership, certificate } of standing.members) {
    const sealed = invites.flatMap((each) => (each.membership === membership ? (each.card ?? []) : []));
    const named = certificate === "" ? null : await cardUnder(keys, standing, membership, certificate, sealed);
    const card = named ?? given[membership] ?? cards.get(membership);
    if (card !== undefined) given[membership] = card;
  }
  return given;
}

/** The newest key of a team that is not one's own: its statement is all that is seen of it. */
async function keyOfOther(keys: Keys, team: string): Promise<TeamKey> {
  const statement = (await teams()).find((each) => each.team === team)?.epoch ?? "";
  if (statement === "") throw new Missing("a key of that team");
  const epoch = (await ledgerOf(keys, [statement])).epoch(team);
  trust(epoch?.id === statement, "stale-epoch");
  return { statement, reviewKey: epoch.body.review_key, archiveKey: epoch.body.archive_key };
}

export async function openOffer(keys: Keys, statement: string): Promise<Offer> {
  const { pins } = keys;
  const answer = await get<Api.WholeMove>(since(pins, `/api/moves/${statement}`));
  const { ledger } = verified(keys, answer.proof, pins);
  const half = ledger.statement(statement);
  trust(half?.kind === "arrangement" && half.body.prior === "", "wrong-chain");
  const version = half.body;
  trust(ledger.governingArrangement(version.arrangement)?.id === version.prev, "older-arrangement");
  const by = ledger.certificate(version.signer)?.holder;
  trust(by?.kind === "staff", "wrong-certificate");
  const { arrangement: subject, n } = version;
  const where = (kind: "plan" | "notes"): DocumentHead => ({ realm: keys.realm, kind, subject, n });
  const opener = await teamOpener(keys, version.team);
  const plan = parsePlan(await opener.open(answer.plan, version.plan_hash, where("plan")));
  const notes = parseTeamNotes(await opener.open(answer.notes, version.notes_hash, where("notes")));
  const files = { plan: answer.plan, notes: answer.notes };
  return { statement, plan, notes, staff: by.staff, version, files };
}

/** Takes it over. Returns the statement's id. ApiProblem 409 while the other team has work left in it. */
export async function take(keys: Keys, { statement: prior, version, files }: Offer): Promise<string> {
  const { arrangement, n, prev, team, reviewers, members, plan_hash, notes_hash } = version;
  const same = { arrangement, n, prev, team, reviewers, members, plan_hash, notes_hash };
  const statement = keys.sign("staff", "arrangement", { ...same, prior });
  const body: Api.NewVersion = { statement, ...files, cards: [] };
  await post("/api/arrangements", body);
  return idOf(statement);
}
