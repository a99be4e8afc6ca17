/** C1: what waits today. */

import { useLayoutEffect } from "preact/hooks";
import { useApp, useKeys } from "../../../app.tsx";
import { Button, Link } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P, SummaryList, Warning, type Row } from "../../../parts/text.tsx";
import { type Key, plural, t } from "../../../words.ts";
import { OutboxLine } from "./outbox_line.tsx";
import { overview, type Overview } from "./overview.ts";

const START = "start";
const ABOUT = ["worry", "look", "plan", "help"] as const;

export function Today() {
  const keys = useKeys();
  const load = useLoad(() => overview(keys), [keys]);
  return (
    <Screen title={t("desk.today")}>
      <OutboxLine />
      <Load of={load}>{(data) => (data.checks ? <AtDesk data={data} /> : <NoDesk />)}</Load>
    </Screen>
  );
}

function AtDesk({ data }: { readonly data: Overview }) {
  const { go } = useApp();
  const count = data.mine.length;
  useEnter(count > 0 ? () => go("/desk/review") : null);
  return (
    <>
      {data.keyless.map(({ team, name }) => (
        <Warning key={team}>
          {t("desk.keyless", { team: name })}{" "}
          {data.isLead ? <Link to="/team/key">{t("desk.keyless.make")}</Link> : t("desk.keyless.ask")}
        </Warning>
      ))}
      {data.keyDue.map(({ team, name }) => (
        <Warning key={team}>
          {t("desk.keyDue", { team: name })}{" "}
          {data.isLead ? <Link to="/team/key">{t("desk.keyDue.change")}</Link> : t("desk.keyDue.ask")}
        </Warning>
      ))}
      {count > 0 ? (
        <Button id={START} onClick={() => go("/desk/review")}>
          {t("desk.start", { n: count })}
        </Button>
      ) : (
        <P>{data.elsewhere > 0 ? plural("desk.elsewhere", data.elsewhere) : t("desk.empty")}</P>
      )}
      <SummaryList rows={rowsOf(data)} />
      <P>
        <Link to="/desk/shortcuts">{t("desk.shortcuts")}</Link>
      </P>
    </>
  );
}

function rowsOf(data: Overview): Row[] {
  const to = (path: string, key: Key) => (
    <Link to={path}>
      {t("desk.look")}
      <span class="govuk-visually-hidden">: {t(key)}</span>
    </Link>
  );
  const waiting = ABOUT.flatMap((about) => {
    const n = data.messages.filter((it) => it.about === about).length;
    return n === 0 ? [] : [t(`desk.messages.${about}`, { n })];
  });
  const back = [
    ...(data.asking === 0 ? [] : [t("people.back.asked.n", { n: data.asking })]),
    ...(data.toGiveBack === 0 ? [] : [t("people.give.n", { n: data.toGiveBack })]),
  ];
  const rows: Row[] = [
    {
      key: t("desk.today.overdue"),
      value: <span class={data.overdue > 0 ? "p-due p-due--overdue" : ""}>{data.overdue}</span>,
      action: to("/desk/queue", "desk.queue"),
    },
    {
      key: t("desk.today.due"),
      value: <span class={data.today > 0 ? "p-due p-due--today" : ""}>{data.today}</span>,
    },
    { key: t("desk.seconds"), value: data.second, action: to("/team/second-decisions", "desk.seconds") },
    {
      key: t("desk.messages"),
      value: waiting.length === 0 ? 0 : waiting.join(", "),
      action: to("/desk/messages", "desk.messages"),
    },
    {
      key: t("people.back"),
      value: back.length === 0 ? 0 : back.join(", "),
      action: to("/desk/people", "people.back"),
    },
  ];
  if (data.offered > 0) {
    rows.push({ key: t("people.take.offers"), value: data.offered, action: to("/team", "people.take.offers") });
  }
  if (data.quarantined !== null) {
    const action = to("/team/quarantine", "desk.quarantine");
    rows.push({ key: t("desk.quarantine"), value: data.quarantined, action });
  }
  return rows;
}

/** Administrators, auditors and the records office see no letters. */
function NoDesk() {
  return (
    <>
      <P>{t("desk.none")}</P>
      <P>
        <Link to="/admin">{t("people.nav.admin")}</Link>
      </P>
    </>
  );
}

/** Enter starts, wherever on the page nothing else takes it; from the moment the button is seen. */
function useEnter(start: (() => void) | null): void {
  useLayoutEffect(() => {
    if (start === null) return undefined;
    const pressed = (event: KeyboardEvent) => {
      const { target } = event;
      const isFree = target === document.body || target instanceof HTMLHeadingElement;
      if (event.key !== "Enter" || event.repeat || event.defaultPrevented || !isFree) return;
      event.preventDefault();
      start();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  });
}
