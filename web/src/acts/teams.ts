/** Teams, and the key of each: made in a lead's browser, sealed to every lead and coordinator. */

import { get, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { base64, generate, hash, recipientOf, sealEpoch } from "../seal/index.ts";
import { epochs, type HeldEpoch } from "./epochs.ts";
import { Missing } from "./errors.ts";
import { ledgerOf } from "./proofs.ts";
import { everybody } from "./colleagues.ts";
import type { TeamKey } from "./standing.ts";
import { since, trust, verified } from "./statements.ts";

export type Team = Api.Team;

/** Who opens letters, and so holds the team's key. */
const HOLDERS = ["coordinator", "lead"];

export function teams(): Promise<Team[]> {
  return get<Team[]>("/api/teams");
}

/** Returns its id. */
export async function makeTeam(name: string): Promise<string> {
  return (await post<Api.CreatedTeam>("/api/teams", { name })).team;
}

/**
 * The team's newest key. Its statement is folded to the root: a wrap alone proves nothing, because
 * anybody can seal one to this person.
 */
export async function newestTeamKey(keys: Keys, team: string): Promise<TeamKey> {
  const newest = (await epochs(keys, team)).at(-1);
  if (newest === undefined) throw new Missing("the team's key");
  await trustEpoch(keys, team, newest);
  const { statement, reviewKey, archiveKey } = newest;
  return { statement, reviewKey, archiveKey };
}

async function trustEpoch(keys: Keys, team: string, { statement }: HeldEpoch): Promise<void> {
  const ledger = await ledgerOf(keys, [statement]);
  trust(ledger.epoch(team)?.id === statement, "stale-epoch");
}

/**
 * Gives the team its first or next key, sealed to every lead and coordinator in force and to the
 * archive; the secret of the epoch before is sealed to it.
 */
export async function changeTeamKey(keys: Keys, team: string): Promise<void> {
  const holders = (await everybody(keys)).filter(
    (each) => each.teams.includes(team) && each.roles.some((role) => HOLDERS.includes(role)),
  );
  const before = (await epochs(keys, team)).at(-1);
  if (before !== undefined) await trustEpoch(keys, team, before);
  const n = (before?.n ?? 0) + 1;
  const secret = await generate("hybrid");
  const where = { realm: keys.realm, team, n, reviewKey: await recipientOf(secret, "hybrid") };
  const wraps: Api.WrapFile[] = [];
  for (const { staff, sealKey } of holders) {
    wraps.push({ staff, sealed: base64(await sealEpoch(where, secret, sealKey)) });
  }
  const archiveKey = await archiveKeyOf(keys);
  const previous = before === undefined ? null : await sealPrevious(keys, team, before, where.reviewKey);
  const statement = keys.sign("staff", "epoch", {
    team,
    n,
    review_key: where.reviewKey,
    archive_key: archiveKey,
    prev: before?.statement ?? "",
    prev_secret_hash: previous === null ? "" : hash(previous),
  });
  const body: Api.NewEpochBody = {
    statement,
    wraps,
    archive: base64(await sealEpoch(where, secret, archiveKey)),
    ...(previous === null ? {} : { previous: base64(previous) }),
  };
  await post(`/api/teams/${team}/epochs`, body);
}

async function sealPrevious(
  keys: Keys,
  team: string,
  { n, reviewKey, secret }: HeldEpoch,
  next: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (secret === null) throw new Missing("the team's key");
  return sealEpoch({ realm: keys.realm, team, n, reviewKey }, secret, next);
}

async function archiveKeyOf(keys: Keys): Promise<string> {
  const { pins } = keys;
  const { proof } = await get<Api.Everybody>(since(pins, "/api/staff"));
  const agency = verified(keys, proof, pins).ledger.agency();
  trust(agency !== null, "no-agency");
  return agency.body.archive_key;
}
