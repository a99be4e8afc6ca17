/** Joining the staff: the code from a colleague's sheet, six words, keys, and then the wait for a call. */

import { useEffect, useState } from "preact/hooks";
import { enrol, type Invitation, lookUp, readCode } from "../../acts/joining.ts";
import { signInPath } from "../../acts/session.ts";
import { ApiProblem } from "../../api.ts";
import { useApp } from "../../app.tsx";
import type { Keys } from "../../keys.ts";
import { Button } from "../../parts/button.tsx";
import { Form, Input } from "../../parts/form.tsx";
import { useAction, Waiting } from "../../parts/load.tsx";
import { P, Status } from "../../parts/text.tsx";
import { keepCode, keptCode, wipeCode } from "../../store.ts";
import { t } from "../../words.ts";
import { FormScreen, useErrors } from "../staff/people/errors.tsx";
import { roleName } from "../staff/people/roles.ts";
import { Trouble } from "../staff/people/trouble.tsx";
import { MakeWords } from "./joining/make_words.tsx";
import { NewWords } from "./joining/new_words.tsx";
import { OpenKeys } from "./joining/open_words.tsx";

/** A QR puts the code after `#`, so that it never reaches a server. It is taken out of the address. */
function givenCode(): string {
  const fragment = readCode(decodeURIComponent(location.hash.slice(1)));
  if (location.hash !== "") history.replaceState(history.state, "", location.pathname);
  return fragment ?? keptCode() ?? "";
}

export function Join() {
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const title = invitation === null ? "people.join" : "people.join.words";
  return (
    // By its step: what follows the code begins with its heading.
    <FormScreen title={t(title)} isPrinted={false} key={title}>
      {invitation === null ? <CodeForm onFound={setInvitation} /> : <WithKeys invitation={invitation} />}
    </FormScreen>
  );
}

function CodeForm({ onFound }: { readonly onFound: (invitation: Invitation) => void }) {
  const [typed, setTyped] = useState(givenCode);
  const errors = useErrors();
  const refuse = (message: string) => errors.show([{ field: "code", message }]);
  const look = useAction(async () => {
    const code = readCode(typed);
    if (code === null) {
      refuse(t("people.join.error"));
      return;
    }
    errors.show([]);
    try {
      const found = await lookUp(code);
      if (found.membership !== null) refuse(t("people.join.family"));
      else {
        keepCode(code);
        onFound(found);
      }
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.status === 404) refuse(t("people.join.error"));
      else if (problem instanceof ApiProblem && problem.status === 410) refuse(t("people.join.used"));
      else throw problem;
    }
  });
  // Back from signing in, the code is known already.
  useEffect(() => {
    if (typed !== "") look.run();
  }, []);
  return (
    <Form onSubmit={look.run}>
      <P>{t("people.join.text")}</P>
      <Input
        id="code"
        label={t("people.join.code")}
        hint={t("people.join.hint")}
        value={typed}
        onInput={setTyped}
        error={errors.of("code")}
        width={20}
      />
      <Trouble of={look.problem} again={look.run} />
      <Status text={look.busy ? t("people.join.looking") : ""} />
      <Button type="submit" busy={look.busy}>
        {t("people.continue")}
      </Button>
    </Form>
  );
}

/** The keys: new ones, those of somebody who comes back, or those that are open. */
function WithKeys({ invitation }: { readonly invitation: Invitation }) {
  const { session, keys, opened, go } = useApp();
  const use = async (own: Keys) => {
    await enrol(own, invitation);
    wipeCode();
    await opened(own);
    go("/join/waiting", { replace: true });
  };
  if (session === null) {
    return (
      <>
        <P>{t("people.join.role", { role: roleName(invitation.role) })}</P>
        <P>{t("people.join.signIn.text")}</P>
        <a class="govuk-button" href={signInPath("/join")}>
          {t("common.staff.signIn")}
        </a>
      </>
    );
  }
  if (keys !== null) return <Enrol onEnrol={() => use(keys)} />;
  if (session.new) return <MakeWords session={session} onKeys={use} />;
  // By account: new words are those of another than the one whose keys were lost.
  return (
    <div key={session.account}>
      <OpenKeys session={session} onKeys={use} />
      <NewWords invitation={invitation} />
    </div>
  );
}

/** For keys that are open already there is nothing to do but wait; what fails can be tried again. */
function Enrol({ onEnrol }: { readonly onEnrol: () => Promise<void> }) {
  const enrolling = useAction(onEnrol);
  useEffect(() => enrolling.run(), []);
  return enrolling.problem === null ? (
    <Waiting text={t("common.opening")} />
  ) : (
    <Trouble of={enrolling.problem} again={enrolling.run} />
  );
}
