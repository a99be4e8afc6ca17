/** What a member writes to the team: a worry, a wish for another look, a question about the plan. */

import { get, listAll, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { type Context, newId } from "../seal/index.ts";
import { today } from "./clock.ts";
import type { Letterbox } from "./letterbox.ts";
import { lengthOf, sealForTeam, textPart } from "./sealing.ts";
import { standing, teamKey } from "./standing.ts";

export type About = "worry" | "look" | "plan" | "help";

/** A message as its writer or the team has it in the list; its text is sealed to the team. */
export type Message = Api.Message;

/** Newest first: what the caller wrote, and whether it was answered. Its text only the team can open. */
export function myMessages(): Promise<Message[]> {
  return listAll<Message>("/api/messages");
}

/** `subject`: the decision's statement for `look`, the submit's for a letter, or null. */
export async function tellTeam(
  keys: Keys,
  { arrangement, membership }: Letterbox,
  about: About,
  subject: string | null,
  text: string,
): Promise<void> {
  // As it stands now: the team may have changed its key since the page was opened.
  const stands = await standing(keys, arrangement);
  const team = teamKey(stands);
  const message = newId();
  const context: Context = {
    realm: stands.realm,
    letter: message,
    rev: 1,
    kind: "message",
    arrangement,
    author: membership,
    to: [],
  };
  const { sealed, hash, ciphertext, epoch, archive } = await sealForTeam(context, [textPart(text)], team);
  const statement = keys.sign({ membership }, "message", {
    message,
    arrangement,
    about,
    subject_id: subject ?? "",
    ct_hash: hash,
    ct_len: lengthOf(sealed.file),
    key_hash: sealed.keyHash,
    epoch_id: team.statement,
    grant_hash: epoch.hash,
    archive_grant_hash: archive.hash,
    day: today(),
  });
  const body: Api.NewMessageBody = {
    statement,
    ciphertext,
    grant: epoch.encoded,
    archive_grant: archive.encoded,
  };
  await post("/api/messages", body);
}

/** A `help` message naming the check, never content. */
export async function reportCannotOpen(
  keys: Keys,
  letterbox: Letterbox,
  letter: string,
  check: string,
  code: string,
): Promise<void> {
  const { statement } = await get<Api.Letter>(`/api/letters/${letter}`);
  const text = `This letter cannot be opened. Check: ${check}. Code: ${code}. Letter: ${letter}.`;
  await tellTeam(keys, letterbox, "help", statement, text);
}
