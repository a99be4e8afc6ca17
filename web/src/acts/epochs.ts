/** A team's secrets of each epoch, opened from one's own wrap or back through later ones. */

import { get } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { openEpoch } from "../seal/index.ts";
import { Missing } from "./errors.ts";
import { bodyOf, bytes, opened, trust } from "./statements.ts";

/** One epoch as its team holds it. Whether its statement stands is for a verified ledger to say. */
export interface HeldEpoch {
  readonly statement: string;
  readonly n: number;
  readonly reviewKey: string;
  readonly archiveKey: string;
  /** Null when neither this person's own wrap nor a later epoch opens it. */
  readonly secret: string | null;
}

/** Oldest first. Every secret is that of the review key its statement names. */
export async function epochs(keys: Keys, team: string): Promise<HeldEpoch[]> {
  const held = await get<Api.Epoch[]>(`/api/teams/${team}/epochs`);
  const found: HeldEpoch[] = [];
  let newer: { readonly secret: string | null; readonly previous: string | null } | null = null;
  for (const each of [...held].reverse()) {
    const { id, body } = bodyOf(each.envelope, "epoch");
    trust(id === each.statement && body.team === team && body.n === each.n, "other-statement");
    const where = { realm: keys.realm, team, n: body.n, reviewKey: body.review_key };
    const secret: string | null = await open(keys, where, each, newer);
    found.unshift({
      statement: id,
      n: body.n,
      reviewKey: body.review_key,
      archiveKey: body.archive_key,
      secret,
    });
    newer = { secret, previous: each.previous ?? null };
  }
  return found;
}

async function open(
  keys: Keys,
  where: Parameters<typeof openEpoch>[2],
  { wrap }: Api.Epoch,
  newer: { readonly secret: string | null; readonly previous: string | null } | null,
): Promise<string | null> {
  if (wrap !== null && wrap !== undefined) {
    const file = bytes(wrap, "the team's key");
    return opened(keys.openWith("staff", (identity) => openEpoch(file, identity, where)));
  }
  if (newer === null || newer.secret === null || newer.previous === null) return null;
  return opened(openEpoch(bytes(newer.previous, "the team's key"), newer.secret, where));
}

/** The secret of the epoch that a verified statement names. */
export async function epochSecret(keys: Keys, team: string, statement: string): Promise<string> {
  const held = await epochs(keys, team);
  const secret = held.find((each) => each.statement === statement)?.secret;
  if (secret === null || secret === undefined) throw new Missing("the team's key");
  return secret;
}
