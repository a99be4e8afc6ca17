/** The one thing on Home. */

import { ButtonLink, Link } from "../../../parts/button.tsx";
import { P } from "../../../parts/text.tsx";
import { month, plural, t, when } from "../../../words.ts";
import type { Card } from "./home_card.ts";

export function OneCard({ card }: { readonly card: Card }) {
  return (
    <section
      class={`p-card${card.kind === "nothing" ? " p-card--quiet" : ""}`}
      aria-label={t("letters.home.card")}
    >
      <Inside card={card} />
      {card.kind === "nothing" || card.more === 0 ? null : (
        <P>
          <Link to="/letters">{plural("letters.home.more", card.more)}</Link>
        </P>
      )}
    </section>
  );
}

function Inside({ card }: { readonly card: Card }) {
  switch (card.kind) {
    case "change":
      return (
        <>
          <P>{t("letters.home.change")}</P>
          <ButtonLink to={`/sent/${card.letter}`}>{t("letters.home.change.go")}</ButtonLink>
        </>
      );
    case "new":
      return (
        <>
          <P>{t("letters.home.new")}</P>
          <ButtonLink to={`/letters/${card.letter}/before`}>{t("letters.home.new.go")}</ButtonLink>
        </>
      );
    case "draft":
      return (
        <>
          <P>{t("letters.home.draft", { when: when(card.draft.savedAt) })}</P>
          <ButtonLink to={`/write/${card.draft.letter}`}>{t("letters.home.draft.go")}</ButtonLink>
        </>
      );
    case "due":
      return (
        <>
          <P>{t("letters.home.due", { month: month(card.month) })}</P>
          <ButtonLink to="/write">{t("letters.home.due.go")}</ButtonLink>
        </>
      );
    case "nothing":
      return (
        <>
          <P>
            {card.month === null
              ? t("letters.home.nothing")
              : t("letters.home.nothing.month", { month: month(card.month) })}
          </P>
          <P>
            <Link to="/write">{t("letters.write")}</Link>
          </P>
        </>
      );
  }
}
