/** After "Stop here": the letter is out of sight, and somebody to talk to is there. */

import { useEffect, useRef } from "preact/hooks";
import { Button, ButtonLink, Link } from "../../../parts/button.tsx";
import { P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { Support } from "./support.tsx";

export function Stopped({ letter, goOn }: { readonly letter: string; readonly goOn: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus();
  }, []);
  return (
    <>
      <h2 class="govuk-heading-m" tabIndex={-1} ref={heading}>
        {t("letters.stopped.title")}
      </h2>
      <P>{t("letters.stopped.text")}</P>
      <Support />
      <ButtonLink to="/home">{t("letters.goHome")}</ButtonLink>
      <P>
        <Link to={`/letters/${letter}/later`}>{t("letters.before.later")}</Link>
      </P>
      <Button kind="secondary" onClick={goOn}>
        {t("letters.stopped.on")}
      </Button>
    </>
  );
}
