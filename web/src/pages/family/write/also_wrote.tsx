/** The same letter was written on two phones. Neither is thrown away unasked. */

import { useEffect, useRef } from "preact/hooks";
import type { Draft } from "../../../acts/drafts.ts";
import { Button, Link } from "../../../parts/button.tsx";
import { Details, P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { LetterText } from "../letters/letter_text.tsx";

interface AlsoWroteProps {
  readonly mine: string;
  /** Null when the other phone sent the letter or threw it away. */
  readonly theirs: Draft | null;
  readonly settle: (text: string) => void;
}

/** Between two texts, so that their writer sees where one ends. */
const LINE = "\n\n———\n\n";

export function AlsoWrote({ mine, theirs, settle }: AlsoWroteProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section role="alert">
      <h2 class="govuk-heading-m" tabIndex={-1} ref={heading}>
        {t(theirs === null ? "write.gone" : "write.also")}
      </h2>
      {theirs === null ? (
        <P>
          <Link to="/letters">{t("write.gone.see")}</Link>
        </P>
      ) : (
        <Button onClick={() => settle(mine + LINE + theirs.text)}>{t("write.also.both")}</Button>
      )}
      <Details summary={t("write.also.mine")}>
        <LetterText text={mine} />
      </Details>
      <Button kind="secondary" onClick={() => settle(mine)}>
        {t("write.also.keepMine")}
      </Button>
      {theirs === null ? null : (
        <>
          <Details summary={t("write.also.theirs")}>
            <LetterText text={theirs.text} />
          </Details>
          <Button kind="secondary" onClick={() => settle(theirs.text)}>
            {t("write.also.keepTheirs")}
          </Button>
        </>
      )}
    </section>
  );
}
