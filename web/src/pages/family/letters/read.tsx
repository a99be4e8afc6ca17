/** F16: the letter. Its words are text and nothing else; stopping is always in reach. */

import { useEffect, useState } from "preact/hooks";
import { CannotOpen, type Opened, readLetter } from "../../../acts/letters.ts";
import { useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen, toHeading } from "../../../parts/screen.tsx";
import type { PageProps } from "../../../route.ts";
import { t } from "../../../words.ts";
import { note, orUnopened, type Placed, placed } from "./placed.ts";
import { OpenLetter } from "./open_letter.tsx";
import { Stopped } from "./stopped.tsx";
import { Unopened } from "./unopened.tsx";

interface Known {
  readonly at: Placed;
  readonly opened: Opened | CannotOpen;
}

export function Read({ params }: PageProps) {
  const id = params["id"] ?? "";
  const keys = useKeys();
  const load = useLoad(() => look(keys, id), [keys, id]);
  return (
    <Screen title={t("letters.read.title")} back="/letters" isPrinted={false}>
      <Load of={load}>
        {({ at, opened }) =>
          opened instanceof CannotOpen ? (
            <Unopened of={opened} at={at} />
          ) : (
            <Reading at={at} opened={opened} />
          )
        }
      </Load>
    </Screen>
  );
}

async function look(keys: Keys, id: string): Promise<Known> {
  const at = await placed(keys, id);
  return { at, opened: await orUnopened(() => readLetter(keys, at.box, id)) };
}

function Reading({ at, opened }: { readonly at: Placed; readonly opened: Opened }) {
  const keys = useKeys();
  const [isStopped, setIsStopped] = useState(false);
  const { letter, direction } = at.letter;
  useEffect(() => {
    // For this person alone. A note that cannot be kept leaves the letter on Home, and no harm.
    if (direction === "received") note(keys, letter, { seen: true, until: "" }).catch(() => undefined);
  }, [keys, letter, direction]);
  const goOn = () => {
    toHeading();
    setIsStopped(false);
  };
  if (isStopped) return <Stopped letter={letter} goOn={goOn} />;
  return <OpenLetter at={at} opened={opened} stop={() => setIsStopped(true)} />;
}
