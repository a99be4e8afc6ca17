/** The team's arrangements: who writes to whom, how each stands, when it is looked at next. */

import { useState } from "preact/hooks";
import { type ArrangementInShort, arrangements } from "../../../acts/arranging.ts";
import { useKeys } from "../../../app.tsx";
import { Button, ButtonLink, Link } from "../../../parts/button.tsx";
import { Input } from "../../../parts/form.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P, Status, Tag } from "../../../parts/text.tsx";
import { dayYear, t } from "../../../words.ts";
import { namesOf, type OpenedOrNot, useOpenedArrangements } from "./opening.ts";
import { stateName } from "./roles.ts";
import { today } from "./days.ts";

const PAGE = 20;

export function Arrangements() {
  const list = useLoad(arrangements, []);
  return (
    <Screen title={t("people.arrangements")} wide>
      <ButtonLink to="/desk/arrangements/new">{t("people.arrangements.new")}</ButtonLink>
      <Load of={list}>
        {(all) => (all.length === 0 ? <P>{t("people.arrangements.none")}</P> : <Found all={all} />)}
      </Load>
    </Screen>
  );
}

/** Names are sealed, so looking for one opens every arrangement here, in this browser. */
function Found({ all }: { readonly all: readonly ArrangementInShort[] }) {
  const keys = useKeys();
  const [wanted, setWanted] = useState("");
  const [most, setMost] = useState(PAGE);
  const isSearching = wanted.trim() !== "";
  const scope = isSearching ? all : all.slice(0, most);
  const opened = useOpenedArrangements(
    keys,
    scope.map(({ arrangement }) => arrangement),
  );
  const shown = scope.filter(({ arrangement }) => !isSearching || fits(opened.get(arrangement), wanted));
  const looked = scope.filter(({ arrangement }) => opened.has(arrangement)).length;
  return (
    <>
      <Input id="find" label={t("people.arrangements.find")} value={wanted} onInput={setWanted} width={20} />
      <Status
        text={looked < scope.length ? t("people.arrangements.looked", { n: looked, all: scope.length }) : ""}
      />
      <div class="p-scroll" tabIndex={0} role="region" aria-label={t("people.arrangements")}>
        <table class="govuk-table">
          <thead>
            <tr>
              <th scope="col" class="govuk-table__header">{t("people.arrangements.who")}</th>
              <th scope="col" class="govuk-table__header">{t("people.arrangements.state")}</th>
              <th scope="col" class="govuk-table__header">{t("people.plan.next")}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((short) => (
              <Line short={short} opened={opened.get(short.arrangement)} key={short.arrangement} />
            ))}
          </tbody>
        </table>
      </div>
      {isSearching && looked === scope.length && shown.length === 0 ? <P>{t("people.arrangements.nobody")}</P> : null}
      {!isSearching && most < all.length ? (
        <Button kind="secondary" onClick={() => setMost(most + PAGE)}>
          {t("people.more")}
        </Button>
      ) : null}
    </>
  );
}

function fits(opened: OpenedOrNot | undefined, wanted: string): boolean {
  if (opened === null || opened === undefined) return false;
  const { people, children } = opened.plan;
  const names = [...people.map(({ name }) => name), ...children].join(" ").toLocaleLowerCase();
  return names.includes(wanted.trim().toLocaleLowerCase());
}

function Line({ short, opened }: { readonly short: ArrangementInShort; readonly opened: OpenedOrNot | undefined }) {
  const to = `/desk/arrangements/${short.arrangement}`;
  const review = opened?.plan.next_review_on;
  return (
    <tr class="govuk-table__row">
      <th scope="row" class="govuk-table__header">
        {opened === undefined ? t("common.opening") : null}
        {opened === null ? t("people.arrangements.closed") : null}
        {opened ? <Link to={to}>{namesOf(opened)}</Link> : null}
      </th>
      <td class="govuk-table__cell">{stateName(short.state)}</td>
      <td class="govuk-table__cell">
        {review === undefined ? "" : dayYear(review)}{" "}
        {review !== undefined && review <= today() ? <Tag tone="yellow">{t("people.review.due")}</Tag> : null}
      </td>
    </tr>
  );
}
