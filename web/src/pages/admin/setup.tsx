/**
 * A3: the first set-up. The root is made in this browser and never sent; everything is on paper before
 * anything is sent, and nothing of it survives a reload.
 */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Prepared } from "../../acts/ceremony.ts";
import { useApp } from "../../app.tsx";
import type { Keys } from "../../keys.ts";
import { Button, Link } from "../../parts/button.tsx";
import { Details, Inset, P } from "../../parts/text.tsx";
import { rich, t, type Key } from "../../words.ts";
import { MakeWords } from "./joining/make_words.tsx";
import { OpenKeys } from "./joining/open_words.tsx";
import { ComeBack } from "./setup/come_back.tsx";
import { Custodian } from "./setup/custodian.tsx";
import { Found } from "./setup/found.tsx";
import { Papers } from "./setup/papers.tsx";
import { PasteRealm } from "./setup/paste_realm.tsx";
import { Titled } from "./setup/titled.tsx";
import { TokenForm, type Start } from "./setup/token.tsx";
import { useWarnBeforeLeaving } from "./setup/warn.ts";

/** What has been done so far on this page. */
type Step =
  | { readonly at: "token" }
  | { readonly at: "first" | "second" | "papers" | "found"; readonly start: Start; readonly prepared: Prepared };

const TITLES: Readonly<Record<Step["at"], Key>> = {
  token: "people.setup",
  first: "people.setup.first",
  second: "people.setup.second",
  papers: "people.setup.papers",
  found: "people.setup.found",
};

export function Setup() {
  const { agency, session, keys, opened, refreshAgency } = useApp();
  const [step, setStep] = useState<Step>({ at: "token" });
  useWarnBeforeLeaving(step.at !== "token" && agency === null);
  const [isComingBack, setIsComingBack] = useState(false);
  const wasOpen = useRef(false);
  useEffect(() => {
    // Locked in between: an opened root is closed with what was shown.
    if (keys === null && wasOpen.current) setIsComingBack(false);
    wasOpen.current = keys !== null;
  }, [keys]);
  const isFounded = agency !== null;
  const onKeys = async (own: Keys) => {
    await opened(own);
  };
  if (session === null) return <Titled title="people.setup">{<P>{t("common.signedOut")}</P>}</Titled>;
  if (isFounded && isComingBack) return <ComeBack agency={agency} session={session} />;
  if (keys === null) {
    return (
      <Titled title={session.new ? "people.setup.words" : "people.unlock"}>
        {session.new ? <MakeWords session={session} onKeys={onKeys} /> : <OpenKeys session={session} onKeys={onKeys} />}
        {isFounded && !session.new ? <Lost onBack={() => setIsComingBack(true)} /> : null}
      </Titled>
    );
  }
  if (isFounded && session.certificates.length > 0) {
    return (
      <Titled title="people.setup">
        <P>{rich("people.setup.done", { a: (text) => <Link to="/admin">{text}</Link> })}</P>
      </Titled>
    );
  }
  // The first administrator's certificate was written down before it was sent.
  if (isFounded && keys.staff.every(({ certificate }) => certificate === "")) {
    return (
      <Titled title="people.setup.there">
        <P>{t("people.setup.there.text", { name: agency.name })}</P>
        <P>{t("people.return.ask")}</P>
        <Button onClick={() => setIsComingBack(true)}>{t("people.return")}</Button>
      </Titled>
    );
  }
  if (isFounded) {
    return (
      <Titled title="people.setup.realm">
        <PasteRealm agency={agency} />
      </Titled>
    );
  }
  return (
    <Titled title={TITLES[step.at]}>
      {step.at === "token" ? (
        <>
          <P>{t("people.setup.text")}</P>
          <Inset>{t("people.setup.need")}</Inset>
          <TokenForm onReady={(start, prepared) => setStep({ at: "first", start, prepared })} />
        </>
      ) : null}
      {step.at === "first" ? (
        <Custodian
          which="first"
          words={step.prepared.custodians[0]}
          agency={step.start.name}
          onChecked={() => setStep({ ...step, at: "second" })}
          key="first"
        />
      ) : null}
      {step.at === "second" ? (
        <Custodian
          which="second"
          words={step.prepared.custodians[1]}
          agency={step.start.name}
          onChecked={() => setStep({ ...step, at: "papers" })}
          key="second"
        />
      ) : null}
      {step.at === "papers" ? (
        <Papers
          prepared={step.prepared}
          agency={step.start.name}
          onSaved={() => setStep({ ...step, at: "found" })}
        />
      ) : null}
      {step.at === "found" ? (
        <Found keys={keys} start={step.start} prepared={step.prepared} onFounded={async () => void (await refreshAgency())} />
      ) : null}
    </Titled>
  );
}

/** For an administrator who has neither passkey nor words, and whom no colleague can certify. */
function Lost({ onBack }: { readonly onBack: () => void }) {
  return (
    <Details summary={t("people.lost")}>
      <P>{t("people.return.ask")}</P>
      <Button kind="secondary" onClick={onBack}>
        {t("people.return")}
      </Button>
    </Details>
  );
}
