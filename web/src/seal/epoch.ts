/** Epoch wraps: a team's review key sealed to one member of staff, the archive or the next epoch. */

import { type Bytes, lines, utf8 } from "./bytes.ts";
import { open, recipientOf, seal } from "./file.ts";
import { ensure } from "./refusal.ts";

/** Which epoch a secret belongs to, as its `epoch` statement says. */
export interface EpochContext {
  readonly realm: string;
  readonly team: string;
  readonly n: number;
  /** The recipient the secret must have. */
  readonly reviewKey: string;
}

const head = ({ realm, team, n }: EpochContext): string[] => ["postern-epoch/1", realm, team, String(n)];

/** Seals an epoch's secret to one hybrid recipient. */
export async function sealEpoch(where: EpochContext, secret: string, recipient: string): Promise<Bytes> {
  ensure((await recipientOf(secret, "hybrid")) === where.reviewKey, "other-key");
  return seal(utf8(`${[...head(where), secret].join("\n")}\n`), "hybrid", recipient);
}

/** Opens a wrap and checks that the secret's recipient is the epoch's review key. */
export async function openEpoch(file: Uint8Array, identity: string, where: EpochContext): Promise<string> {
  const given = lines(await open(file, "hybrid", identity), 5);
  const secret = given.pop() as string;
  ensure(given.join("\n") === head(where).join("\n"), "other-epoch");
  ensure((await recipientOf(secret, "hybrid")) === where.reviewKey, "other-key");
  return secret;
}
