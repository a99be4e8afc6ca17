/** What families wrote to the team. Each is opened when somebody asks for it. */

import { useState } from "preact/hooks";
import { openArrangement } from "../../../acts/arranging.ts";
import { personOf } from "../../../acts/plan.ts";
import { messages, type TeamMessage } from "../../../acts/staffing.ts";
import { useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useFocusKept } from "../people/focus.ts";
import { Message } from "./message.tsx";

export interface Writer {
  readonly name: string;
  readonly role: string;
  /** Empty when the team has no number for them. */
  readonly phone: string;
}

interface Told {
  readonly message: TeamMessage;
  /** Null when this person's keys do not open the arrangement. */
  readonly writer: Writer | null;
}

export function Messages() {
  const keys = useKeys();
  const load = useLoad(() => told(keys), [keys]);
  const [answered, setAnswered] = useState<ReadonlySet<string>>(new Set());
  useFocusKept(answered);
  return (
    <Screen title={t("desk.messages")} back="/desk">
      <Load of={load}>
        {(all) => {
          const waiting = all.filter(({ message }) => !message.answered_at && !answered.has(message.message));
          if (waiting.length === 0) return <P>{t("desk.messages.empty")}</P>;
          return (
            <ul class="p-list">
              {waiting.map(({ message, writer }) => (
                <li key={message.message}>
                  <Message
                    message={message}
                    writer={writer}
                    answered={() => setAnswered((known) => new Set([...known, message.message]))}
                  />
                </li>
              ))}
            </ul>
          );
        }}
      </Load>
    </Screen>
  );
}

/** Worries first, then the longest waiting. */
async function told(keys: Keys): Promise<Told[]> {
  const all = await messages();
  const arrangements = new Map(all.map(({ arrangement }) => [arrangement, openArrangement(keys, arrangement)]));
  const withWriters = await Promise.all(
    all.map(async (message) => {
      const opened = await arrangements.get(message.arrangement)?.catch(() => null);
      return { message, writer: opened ? writerOf(opened, message.membership) : null };
    }),
  );
  const rank = ({ message }: Told) => Number(message.about !== "worry");
  return withWriters.sort((a, b) => rank(a) - rank(b));
}

type Opened = Awaited<ReturnType<typeof openArrangement>>;

function writerOf({ plan, cards }: Opened, membership: string): Writer | null {
  const [person, card] = [personOf(plan, membership), cards.get(membership)];
  const name = person?.name ?? card?.name;
  if (name === undefined) return null;
  return { name, role: person?.role ?? card?.relationship ?? "", phone: card?.phone ?? "" };
}
