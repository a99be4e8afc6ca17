/** A letter that did not pass its checks: nothing of it is shown, and the team hears which check it was. */

import { useEffect, useState } from "preact/hooks";
import { readings } from "../../../acts/drafts.ts";
import { type CannotOpen, reportCannotOpen } from "../../../acts/letters.ts";
import { useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Link } from "../../../parts/button.tsx";
import { P, Status } from "../../../parts/text.tsx";
import { rich, t } from "../../../words.ts";
import { note, type Placed, readingOf } from "./placed.ts";

export function Unopened({ of: problem, at }: { readonly of: CannotOpen; readonly at: Placed }) {
  const keys = useKeys();
  const [isTold, setIsTold] = useState(false);
  useEffect(() => {
    // When the team cannot be told, what is on the page still says where to get help.
    tellOnce(keys, at, problem).then(
      () => setIsTold(true),
      () => undefined,
    );
  }, [keys, at.letter.letter, problem.check]);
  return (
    <>
      <P>{rich("letters.cannot", { a: (text) => <Link to="/help">{text}</Link> })}</P>
      <Status text={isTold ? t("letters.cannot.told") : ""} />
    </>
  );
}

/** Under way, so that two looks at the page make one message. */
const telling = new Set<string>();

async function tellOnce(
  keys: Keys,
  { letter: { letter }, box }: Placed,
  { check, code }: CannotOpen,
): Promise<void> {
  const name = `${letter}/${check}`;
  if (telling.has(name)) return;
  telling.add(name);
  try {
    if (readingOf(await readings(keys), letter).told === check) return;
    await reportCannotOpen(keys, box, letter, check, code);
    await note(keys, letter, { told: check });
  } catch (error) {
    telling.delete(name);
    throw error;
  }
}
