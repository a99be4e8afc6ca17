/** The log's next key: compared with the operator's by telephone, then named by the root. */

import { useState } from "preact/hooks";
import { type LogKey as Found, logKey, nameLogKey, type NextLogKey } from "../../acts/log_key.ts";
import { ApiProblem } from "../../api.ts";
import { useKeys } from "../../app.tsx";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { Checkboxes, Form } from "../../parts/form.tsx";
import { Load, useAction, useLoad } from "../../parts/load.tsx";
import { H2, Inset, P, Panel, Status, Warning } from "../../parts/text.tsx";
import { unhex } from "../../seal/index.ts";
import { t } from "../../words.ts";
import { FormScreen, useErrors } from "../staff/people/errors.tsx";
import { useFocusKept } from "../staff/people/focus.ts";
import { Trouble } from "../staff/people/trouble.tsx";
import { useRoot } from "./root_holder.ts";
import { asText } from "./root_text.ts";
import { OpenRoot } from "./staff/open_root.tsx";

export function LogKey() {
  const keys = useKeys();
  const known = useLoad(() => logKey(keys), []);
  const [isSigned, setIsSigned] = useState(false);
  useFocusKept(isSigned);
  return (
    <FormScreen title={t("people.logKey")} back="/admin">
      <Load of={known}>
        {(found: Found) => {
          if (isSigned || found.at === "waiting") return <Waiting isSigned={isSigned} />;
          if (found.at === "new") {
            return <Name next={found.next} again={known.again} onSigned={() => setIsSigned(true)} />;
          }
          return <P>{t("people.logKey.named")}</P>;
        }}
      </Load>
    </FormScreen>
  );
}

/** What the operator does next: without that nothing changes. */
function Waiting({ isSigned }: { readonly isSigned: boolean }) {
  return (
    <>
      {isSigned ? <Panel title={t("people.logKey.signed")} /> : <P>{t("people.logKey.signed")}</P>}
      <P>{t("people.logKey.then")}</P>
      <ol class="govuk-list govuk-list--number">
        <li>{t("people.logKey.then.1")}</li>
        <li>{t("people.logKey.then.2")}</li>
        <li>{t("people.logKey.then.3")}</li>
      </ol>
      <P>{t("people.logKey.then.old")}</P>
      <ButtonLink to="/admin">{t("people.logKey.done")}</ButtonLink>
    </>
  );
}

interface NameProps {
  readonly next: NextLogKey;
  /** Looks which key it is now. */
  readonly again: () => void;
  readonly onSigned: () => void;
}

/** The operator has another key by now than the one that is shown, or the agency another statement. */
const OUT_OF_DATE = ["foreign-keys", "wrong-version"];

function Name({ next, again, onSigned }: NameProps) {
  const keys = useKeys();
  const { root, keep, close } = useRoot();
  const [isCompared, setIsCompared] = useState(false);
  const sign = useAction(async () => {
    if (root === null) return;
    await nameLogKey(keys, root, next);
    close();
    onSigned();
  });
  useFocusKept(isCompared);
  useFocusKept(root);
  const { problem } = sign;
  const isOutOfDate = problem instanceof ApiProblem && OUT_OF_DATE.includes(problem.code);
  useFocusKept(isOutOfDate);
  return (
    <>
      <P>{t("people.logKey.text")}</P>
      <H2>{t("people.logKey.new")}</H2>
      <p class="p-digits p-code">{asText(unhex(next.logKey))}</p>
      {isCompared ? null : <Compare onCompared={() => setIsCompared(true)} />}
      {isCompared && root === null ? <OpenRoot id="log-key" expected={keys.root} onOpen={keep} /> : null}
      {isOutOfDate ? <OutOfDate again={again} /> : null}
      {root === null || isOutOfDate ? null : (
        <>
          <P>{t("people.logKey.sign.text")}</P>
          <Trouble of={problem} again={sign.run} />
          <Status text={sign.busy ? t("people.logKey.signing") : ""} />
          <Button onClick={sign.run} busy={sign.busy}>
            {t("people.logKey.sign")}
          </Button>
        </>
      )}
    </>
  );
}

function OutOfDate({ again }: { readonly again: () => void }) {
  return (
    <div class="p-problem" role="alert">
      <P>{t("people.logKey.other")}</P>
      <Button onClick={again}>{t("people.logKey.look")}</Button>
    </div>
  );
}

/** Whoever can change what this site shows could have put a key of theirs here. */
function Compare({ onCompared }: { readonly onCompared: () => void }) {
  const errors = useErrors();
  const [done, setDone] = useState<readonly "same"[]>([]);
  const check = () => {
    const wrong = { field: "same", message: t("people.logKey.same.error") };
    if (errors.show(done.includes("same") ? [] : [wrong])) onCompared();
  };
  return (
    <Form onSubmit={check}>
      <P>{t("people.logKey.ring")}</P>
      <Inset>{t("people.logKey.printed")}</Inset>
      <Warning>{t("people.logKey.differs")}</Warning>
      <Checkboxes<"same">
        id="same"
        legend={t("people.logKey.compared")}
        options={[{ value: "same", label: t("people.logKey.same") }]}
        values={done}
        onChange={setDone}
        error={errors.of("same")}
      />
      <Button type="submit">{t("people.continue")}</Button>
    </Form>
  );
}
