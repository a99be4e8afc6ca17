/** F13: Home. One card, whatever else there is; then the ways on. */

import { listDrafts, readings } from "../../../acts/drafts.ts";
import { today } from "../../../acts/clock.ts";
import { waiting } from "../../../acts/joining.ts";
import { letterboxes } from "../../../acts/letterbox.ts";
import { listLetters } from "../../../acts/letters.ts";
import { useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { ButtonLink, Link } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { usePolicy } from "../names.ts";
import { cardOf, type Found, lateOnes } from "./home_card.ts";
import { LateNotice } from "./late_notice.tsx";
import { OneCard } from "./one_card.tsx";
import { unsent } from "./placed.ts";

interface Home extends Found {
  /** Places whose numbers are still to be read out. */
  readonly waiting: number;
}

export function Home() {
  const keys = useKeys();
  const load = useLoad(() => look(keys), [keys]);
  return (
    <Screen title={t("common.home")}>
      <Load of={load}>
        {(home) => (home.boxes.length === 0 ? <Beginning home={home} /> : <Begun home={home} />)}
      </Load>
    </Screen>
  );
}

async function look(keys: Keys): Promise<Home> {
  const boxes = await letterboxes(keys);
  // Without a letterbox there are no letters to ask for.
  const [letters, drafts, kept, enrolled] = await Promise.all([
    boxes.length === 0 ? [] : listLetters(),
    listDrafts(keys),
    readings(keys),
    waiting(keys),
  ]);
  return {
    boxes,
    letters,
    drafts: unsent(drafts, letters),
    readings: kept,
    today: today(),
    waiting: enrolled.length,
  };
}

function Begun({ home }: { readonly home: Home }) {
  const late = lateOnes(home, usePolicy());
  return (
    <>
      {late.map((each) => (
        <LateNotice of={each} isNamed={home.boxes.length > 1} key={each.box.membership} />
      ))}
      <OneCard card={cardOf(home)} />
      <nav aria-label={t("letters.home.ways")}>
        <ul class="p-list">
          <li>
            <Link to="/letters">{t("letters.title")}</Link>
          </li>
          <li>
            <Link to="/plan">{t("letters.home.plan")}</Link>
          </li>
          <li>
            <Link to="/help">{t("common.help")}</Link>
          </li>
        </ul>
      </nav>
      {home.waiting === 0 ? null : (
        <P>
          <Link to="/join/waiting">{t("letters.home.another")}</Link>
        </P>
      )}
    </>
  );
}

/** Nobody has a place in a letterbox yet. */
function Beginning({ home }: { readonly home: Home }) {
  const { memberships } = useKeys();
  if (home.waiting > 0 || memberships.length > 0) {
    return (
      <div class="p-card">
        <P>{t("letters.home.waiting")}</P>
        <ButtonLink to="/join/waiting">{t("letters.home.waiting.go")}</ButtonLink>
      </div>
    );
  }
  return (
    <div class="p-card">
      <P>{t("letters.home.none")}</P>
      <ButtonLink to="/join">{t("common.door.code")}</ButtonLink>
    </div>
  );
}
