/** What members wrote to the team: opened with the key of its epoch, its writer verified. */

import { listAll, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { isOf, type Ledger, openMessage as openVerified } from "../seal/index.ts";
import { epochSecret } from "./epochs.ts";
import { opening } from "./letters.ts";
import { proved } from "./proofs.ts";
import { textOf } from "./sealing.ts";
import { bytes, trust } from "./statements.ts";

export type TeamMessage = Api.Message;

/** What waits for this person's teams, oldest first. */
export function messages(): Promise<TeamMessage[]> {
  return listAll<TeamMessage>("/api/messages");
}

/** Throws CannotOpen. */
export async function openMessage(keys: Keys, message: TeamMessage): Promise<string> {
  const { ledger, proof } = await proved(keys, [message.statement]);
  const said = ledger.statement(message.statement);
  trust(said !== undefined && isOf(said, "message"), "wrong-kind");
  const { body } = said;
  trust(body.message === message.message && body.arrangement === message.arrangement, "other-statement");
  const secret = await secretOf(keys, ledger, body.epoch_id);
  const sealed = {
    ciphertext: bytes(message.ciphertext, "the message itself"),
    grant: bytes(message.grant, "the message itself"),
  };
  const { parts } = await opening(() =>
    openVerified(keys.realm, secret, proof, message.statement, sealed),
  );
  return textOf(parts);
}

async function secretOf(keys: Keys, ledger: Ledger, epochId: string): Promise<string> {
  const epoch = ledger.statement(epochId);
  trust(epoch !== undefined && isOf(epoch, "epoch"), "wrong-kind");
  return epochSecret(keys, epoch.body.team, epochId);
}

/** Somebody has spoken to its writer. */
export async function answerMessage(message: string): Promise<void> {
  await post(`/api/messages/${message}/answer`);
}
