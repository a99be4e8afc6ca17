/** C10: new keys for somebody who lost theirs: a check, two people, three days, and what may stop it. */

import { cardUnder } from "../../../acts/arrangement_files.ts";
import { certifyAgain } from "../../../acts/arranging.ts";
import type { Card } from "../../../acts/card.ts";
import { lostLetters } from "../../../acts/giving_back.ts";
import { type Colleague, firstSigner } from "../../../acts/staffing.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { ButtonLink, Link } from "../../../parts/button.tsx";
import { Load } from "../../../parts/load.tsx";
import { Details, Inset, P, SummaryList, Warning } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { dayShort, t, when } from "../../../words.ts";
import { Certify } from "./certify.tsx";
import { nameOf } from "./colleagues.ts";
import { FormScreen } from "./errors.tsx";
import { useSteadyLoad } from "./focus.ts";
import { followed } from "./following.ts";
import { BringOnline } from "./members.tsx";
import { checkName, NewKeyForm } from "./new_key_form.tsx";
import { type Known, personKnown } from "./person.ts";
import { isStopped, type Renewal, renewalOf, type Wait, waitOf } from "./renewal.ts";
import { roleName } from "./roles.ts";
import { StopKeys } from "./stop_keys.tsx";
import { useLooking, verified } from "./until.ts";

interface Shown extends Known {
  readonly renewal: Renewal;
  readonly isStopped: boolean;
  /** Who certified first, once somebody has. */
  readonly first: Colleague | null;
  /** The card of the sheet that was used: how it was seen that it is them. */
  readonly card: Card | null;
  /** How many letters their new keys do not open. */
  readonly lost: number;
}

export function NewKey({ params }: PageProps) {
  const keys = useKeys();
  const { agency } = useApp();
  const id = params["id"] ?? "";
  const wait = waitOf(agency);
  const known = useSteadyLoad<Shown | null>(async () => {
    const [person, lost] = await Promise.all([personKnown(keys, id), lostLetters(id)]);
    if (person === null) return null;
    const found = renewalOf(person.place, person.invites, wait, new Date());
    const hasStopped = isStopped(id, person.invites);
    // Once the old keys are stopped, that they objected stops nobody from beginning again.
    const renewal: Renewal = hasStopped && found.at === "objected" ? { at: "none" } : found;
    const by = renewal.at === "first" ? await firstSigner(keys, renewal.first) : null;
    const first = person.staff.find((each) => each.staff === by) ?? null;
    const used = renewal.at === "joined" || renewal.at === "first" ? renewal.invite : null;
    const sealed = used?.card ? [used.card] : [];
    const card = used && (await cardUnder(keys, person.opened.standing, id, used.statement, sealed));
    return { ...person, renewal, isStopped: hasStopped, first, card, lost: lost.length };
  }, [id]);
  return (
    <FormScreen title={t("people.again")} back="/desk/people">
      <Load of={known}>
        {(shown) =>
          shown === null || (shown.place.certificate === "" && !shown.isStopped) ? (
            <P>{t("common.hidden")}</P>
          ) : (
            <One shown={shown} wait={wait} again={known.again} />
          )
        }
      </Load>
    </FormScreen>
  );
}

/** No keys in the place of today's are on their way: a sheet that nobody has used is none. */
const RESTS: ReadonlySet<Renewal["at"]> = new Set(["none", "made", "run-out"]);

interface OneProps {
  readonly shown: Shown;
  readonly wait: Wait;
  readonly again: () => void;
}

function One({ shown, wait, again }: OneProps) {
  const { place, name, role, renewal, lost, opened } = shown;
  // Somebody may join, agree or object while the page is looked at.
  useLooking(async () => {
    const fresh = renewalOf(place, await followed(), wait, new Date());
    if (fresh.at !== renewal.at) again();
  }, renewal.at !== "none" && renewal.at !== "certified");
  return (
    <>
      <P>
        {t("people.again.for", { name, role: roleName(role) })}{" "}
        <Link to={`/desk/arrangements/${opened.standing.arrangement}`}>{t("people.arrangement.go")}</Link>
      </P>
      <Inset>{t("people.again.keep")}</Inset>
      {shown.isStopped ? <Warning>{t("people.stopped", { name })}</Warning> : null}
      {lost === 0 || !RESTS.has(renewal.at) || shown.isStopped ? null : (
        <ButtonLink to={`/desk/people/${place.membership}/letters`}>{t("people.give.n", { n: lost })}</ButtonLink>
      )}
      <Stage shown={shown} wait={wait} again={again} />
      {shown.isStopped || renewal.at === "certified" ? null : <StopKeys known={shown} again={again} />}
    </>
  );
}

function Stage({ shown, wait, again }: OneProps) {
  const { renewal, name, opened } = shown;
  switch (renewal.at) {
    case "none":
      // Whose letters are still to be given back may have lost the new words too.
      return shown.lost > 0 && !shown.isStopped ? (
        <Anew known={shown} />
      ) : (
        <>
          <P>{t(shown.isStopped ? "people.again.days.stopped" : "people.again.days", { n: Math.ceil(wait.hours / 24), met: wait.met })}</P>
          <NewKeyForm known={shown} />
        </>
      );
    case "made":
    case "run-out":
      return (
        <>
          <P>
            {renewal.at === "run-out"
              ? t("people.again.runOut")
              : t("people.again.made", {
                  day: dayShort(renewal.invite.made_at),
                  until: dayShort(renewal.invite.expires_at),
                })}{" "}
            <Link to={`/desk/invites/${renewal.invite.invite}`}>{t("people.invites.one")}</Link>
          </P>
          <Anew known={shown} />
        </>
      );
    case "joined":
      return (
        <>
          <P>{t("people.again.joined", { name })}</P>
          <Checked shown={shown} wait={wait} />
          <Ring shown={shown} invite={renewal.invite.invite} first="" again={again} />
        </>
      );
    case "verifying":
      return <P>{t("people.stage.verifying.text")}</P>;
    case "first":
      return <Second shown={shown} renewal={renewal} wait={wait} again={again} />;
    case "counting":
      return (
        <>
          <Inset>{t("people.again.counting", { when: when(renewal.from.toISOString()) })}</Inset>
          <P>{t(shown.isStopped ? "people.again.told.stopped" : "people.again.told")}</P>
          <P>{t("people.again.then")}</P>
        </>
      );
    case "objected":
      return (
        <>
          <Warning>{t("people.again.objected")}</Warning>
          <ol class="govuk-list govuk-list--number govuk-list--spaced">
            <li>{t("people.again.objected.1", { name })}</li>
            <li>{t("people.again.objected.2")}</li>
            <li>{t("people.again.objected.3")}</li>
          </ol>
          <Anew known={shown} />
        </>
      );
    case "certified":
      return (
        <BringOnline opened={opened} certified={[[shown.place.membership, renewal.certificate]]} again={again} />
      );
  }
}

function Anew({ known }: { readonly known: Known }) {
  return (
    <Details summary={t("people.again.anew")}>
      <NewKeyForm known={known} />
    </Details>
  );
}

interface SecondProps extends OneProps {
  readonly renewal: Extract<Renewal, { readonly at: "first" }>;
}

function Second({ shown, renewal, wait, again }: SecondProps) {
  const { first, self } = shown;
  const isMine = first !== null && first.person === self?.person;
  return (
    <>
      <P>
        {isMine
          ? t("people.again.wait")
          : t("people.staff.second", { name: first === null ? t("people.person.unknown") : nameOf(first) })}
      </P>
      <Checked shown={shown} wait={wait} />
      {isMine ? null : <Ring shown={shown} invite={renewal.invite.invite} first={renewal.first} again={again} />}
    </>
  );
}

/** Whether the sealed card says that staff saw them face to face. */
function isMet({ card }: Shown): boolean {
  return card?.checked === "met";
}

/** What the sealed card says of the check, for whoever approves it. */
function Checked({ shown, wait }: Pick<OneProps, "shown" | "wait">) {
  const { opened, place, card, phone, staff } = shown;
  const approver = staff.find((each) => each.staff === card?.approver);
  const check = checkName(card?.checked);
  const number = card?.phone ?? "";
  const given = opened.notes.cards?.[place.membership]?.phone ?? "";
  return (
    <SummaryList
      rows={[
        ...(check === null ? [] : [{ key: t("people.again.checked"), value: check }]),
        { key: t("people.again.after"), value: t("people.again.hours", { n: isMet(shown) ? wait.met : wait.hours }) },
        ...(approver === undefined ? [] : [{ key: t("people.again.by"), value: nameOf(approver) }]),
        // Whoever made the sheet wrote it there: it is not the number to ring.
        ...(phone !== "" || given === "" ? [] : [{ key: t("people.again.given"), value: given }]),
        ...(number === "" || number === phone ? [] : [{ key: t("people.again.number"), value: number }]),
      ]}
    />
  );
}

interface RingProps {
  readonly shown: Shown;
  readonly invite: string;
  /** The first half, for whoever signs the second. */
  readonly first: string;
  readonly again: () => void;
}

function Ring({ shown, invite, first, again }: RingProps) {
  const keys = useKeys();
  const { opened, name, phone, place } = shown;
  const certify = async (digits: string) => {
    const statement = await certifyAgain(keys, opened.standing, invite, digits, isMet(shown), first);
    // The second counts after some days: there is nothing to wait for here.
    if (first === "") await verified(statement);
    again();
  };
  return <Certify id={`${place.membership}${first}`} name={name} phone={phone} onDigits={certify} />;
}
