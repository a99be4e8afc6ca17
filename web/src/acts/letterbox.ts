/** The letterboxes of a person: one for each place in an arrangement, verified and pinned. */

import type { Keys } from "../keys.ts";
import { hash, openDocument } from "../seal/index.ts";
import { currentSession } from "./session.ts";
import { parsePlan, type Plan } from "./plan.ts";
import { pin, type Standing, standing } from "./standing.ts";
import { bytes, opened, trust } from "./statements.ts";

export interface Letterbox {
  readonly membership: string;
  readonly arrangement: string;
  readonly certificate: string;
  readonly role: string;
  readonly side: string;
  readonly standing: Standing;
  readonly plan: Plan;
}

/**
 * Those that are ready to write and read in, by arrangement. A place that was certified but is not
 * yet in the arrangement's governing version is not among them.
 */
export async function letterboxes(keys: Keys): Promise<Letterbox[]> {
  const session = await currentSession();
  const mine = keys.memberships.map(({ certificate }) => certificate);
  const found: Letterbox[] = [];
  for (const { certificate, arrangement } of session?.certificates ?? []) {
    if (!mine.includes(certificate) || !arrangement) continue;
    const ready = await letterbox(keys, arrangement, certificate);
    if (ready !== null) found.push(ready);
  }
  await pin(
    keys,
    found.map((each) => each.standing),
  );
  return found;
}

/** The server says which arrangement a certificate is for; the ledger whether that is so. */
async function letterbox(keys: Keys, arrangement: string, certificate: string): Promise<Letterbox | null> {
  const stands = await standing(keys, arrangement);
  const holder = stands.ledger.certificate(certificate)?.holder;
  trust(holder?.kind === "member" && holder.arrangement === arrangement, "wrong-certificate");
  const { membership, role } = holder;
  const place = stands.members.find((each) => each.membership === membership);
  if (place?.certificate !== certificate) return null;
  const plan = await openPlan(keys, stands, membership);
  return { membership, arrangement, certificate, role, side: place.side, standing: stands, plan };
}

/** Plans that were opened: opening one takes an old phone longer than a change of page may take. */
const plans = new WeakMap<Keys, Map<string, Plan>>();

async function openPlan(keys: Keys, stands: Standing, membership: string): Promise<Plan> {
  const file = bytes(stands.files.plan, "the plan");
  trust(hash(file) === stands.planHash, "other-plan");
  const known = plans.get(keys) ?? new Map<string, Plan>();
  plans.set(keys, known);
  const name = `${membership} ${stands.statement}`;
  const plan = known.get(name) ?? (await readPlan(keys, stands, membership, file));
  known.set(name, plan);
  return plan;
}

async function readPlan(keys: Keys, stands: Standing, membership: string, file: Uint8Array): Promise<Plan> {
  const where = { realm: stands.realm, kind: "plan", subject: stands.arrangement, n: stands.n } as const;
  const open = (identity: string) => openDocument(file, identity, where);
  return parsePlan(await opened(keys.openWith({ membership }, open)));
}
