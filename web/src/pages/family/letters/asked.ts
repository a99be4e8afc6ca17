/** Whether somebody has asked for another look at a decision already, and when. */

import { myMessages } from "../../../acts/letters.ts";
import type { Letter } from "../../../acts/letters.ts";

export async function askedForLook({ decided }: Letter): Promise<string | null> {
  if (!decided) return null;
  const messages = await myMessages();
  const asked = messages.find(({ about, subject }) => about === "look" && subject === decided.statement);
  return asked?.received_at ?? null;
}
