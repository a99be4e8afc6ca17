/** T3: letters that wait for a second person. */

import { useMemo } from "preact/hooks";
import { queue, type WaitingLetter } from "../../../acts/checking.ts";
import { decisions, type Decision } from "../../../acts/letters.ts";
import { useKeys } from "../../../app.tsx";
import { ButtonLink } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { Inset, P } from "../../../parts/text.tsx";
import type { Keys } from "../../../keys.ts";
import { clock, dayShort, t } from "../../../words.ts";
import { colleagues } from "./colleagues.ts";
import { DueTag } from "./due_tag.tsx";
import { outbox } from "./outbox.ts";
import { OutboxLine } from "./outbox_line.tsx";
import { isReason } from "./reasons.ts";
import { staffRoleName } from "./roles.ts";
import { useDirections } from "./use_directions.ts";

interface Half {
  readonly letter: WaitingLetter;
  /** The decision that waits for its second; undefined while the worker verifies it. */
  readonly first: Decision | undefined;
  /** This person has had their say. */
  readonly isMine: boolean;
  readonly isHeldElsewhere: boolean;
}

export function SecondDecisions() {
  const keys = useKeys();
  const load = useLoad(() => halves(keys), [keys]);
  return (
    <Screen title={t("desk.seconds")} back="/desk">
      <OutboxLine />
      <Load of={load}>{(found) => <Listed found={found} />}</Load>
    </Screen>
  );
}

async function halves(keys: Keys): Promise<Half[]> {
  await outbox.flush();
  const [waiting, { me }] = await Promise.all([queue(), colleagues(keys)]);
  const self = me?.staff ?? "";
  const halved = waiting.filter(({ steps }) => steps > 0);
  return Promise.all(
    halved.map(async (letter) => {
      const told = (await decisions(letter.letter)).filter(({ submit }) => submit === letter.statement);
      return {
        letter,
        first: told.filter(({ verdict }) => verdict === "counted").pop(),
        isMine: told.some(({ staff }) => staff === self),
        isHeldElsewhere: Boolean(letter.claim) && letter.claim?.staff !== self,
      };
    }),
  );
}

function Listed({ found }: { readonly found: readonly Half[] }) {
  const letters = useMemo(() => found.map(({ letter }) => letter), [found]);
  const directions = useDirections(letters);
  if (found.length === 0) return <P>{t("desk.seconds.empty")}</P>;
  return (
    <ul class="p-list">
      {found.map((half) => (
        <li key={half.letter.letter}>
          <P>
            <DueTag on={half.letter.due_on} /> {directions.get(half.letter.letter) ?? ""}
          </P>
          <P>{firstInWords(half.first)}</P>
          <Next half={half} />
        </li>
      ))}
    </ul>
  );
}

function firstInWords(first: Decision | undefined): string {
  const outcome = (["deliver", "keep"] as const).find((each) => each === first?.outcome);
  if (first === undefined || outcome === undefined) return t("desk.second.recording");
  const name = first.name ?? t("desk.colleague");
  const by = t("desk.preview.by", { name, role: staffRoleName(first.role), day: dayShort(first.at) });
  const why = isReason(first.reason) ? t("desk.preview.why", { reason: t(`desk.reason.${first.reason}`) }) : "";
  return `${t(`desk.second.${outcome}`)} ${by} ${why}`.trim();
}

function Next({ half: { letter, first, isMine, isHeldElsewhere } }: { readonly half: Half }) {
  if (isMine) return <Inset>{t("desk.second.blocked")}</Inset>;
  if (isHeldElsewhere) {
    const named: { readonly name?: string | null; readonly claimed_at?: string } = letter.claim ?? {};
    const at = clock(named.claimed_at ?? letter.submitted_at);
    return <P>{t("desk.claimed", { name: named.name ?? t("desk.colleague"), clock: at })}</P>;
  }
  if (first === undefined) return null;
  return (
    <ButtonLink to={`/desk/check/${letter.letter}`} secondary>
      {t("desk.second.open")}
    </ButtonLink>
  );
}
