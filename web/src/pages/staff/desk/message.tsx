/** One message from a family, sealed to the team. */

import { useEffect, useRef, useState } from "preact/hooks";
import { CannotOpen, Untrusted } from "../../../acts/errors.ts";
import { answerMessage, openMessage, type TeamMessage } from "../../../acts/staffing.ts";
import { useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Load, Problem, useAction, useLoad } from "../../../parts/load.tsx";
import { P, Warning } from "../../../parts/text.tsx";
import { t, when } from "../../../words.ts";
import { CannotCheck } from "./cannot_check.tsx";
import { languageOf } from "../../../screening/language.ts";
import type { Writer } from "./messages.tsx";
import { roleName } from "./roles.ts";
import { useOnline } from "./use_online.ts";

const ABOUT = ["worry", "look", "plan", "help"] as const;

interface MessageProps {
  readonly message: TeamMessage;
  readonly writer: Writer | null;
  readonly answered: () => void;
}

export function Message({ message, writer, answered }: MessageProps) {
  const [isOpen, setOpen] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The button that opened it is gone: reading begins with what it is about.
    if (isOpen) heading.current?.focus();
  }, [isOpen]);
  const about = ABOUT.find((each) => each === message.about);
  const who = writer === null ? t("desk.messages.somebody") : named(writer);
  return (
    <section>
      <h2 class="govuk-heading-s" ref={heading} tabIndex={-1}>
        {about === undefined ? message.about : t(`desk.about.${about}`)}
      </h2>
      <P>{t("desk.messages.from", { who, when: when(message.received_at) })}</P>
      {writer === null || writer.phone === "" ? null : <P>{t("desk.messages.phone", { phone: writer.phone })}</P>}
      {isOpen ? (
        <Words message={message} answered={answered} />
      ) : (
        <Button kind="secondary" onClick={() => setOpen(true)}>
          {t("desk.messages.read", { who })}
        </Button>
      )}
    </section>
  );
}

function named({ name, role }: Writer): string {
  return role === "" ? name : t("desk.person", { name, role: roleName(role) });
}

function Words({ message, answered }: Pick<MessageProps, "message" | "answered">) {
  const keys = useKeys();
  const isOnline = useOnline();
  const words = useLoad(() => openMessage(keys, message), [message.message]);
  const answer = useAction(async () => {
    await answerMessage(message.message);
    answered();
  });
  return (
    <>
      {words.state === "failed" ? (
        <Unread problem={words.error} again={words.again} />
      ) : (
        <Load of={words}>
          {(text) => (
            <div class="p-letter" dir="auto" lang={languageOf(text)}>
              {text}
            </div>
          )}
        </Load>
      )}
      {words.state === "waiting" ? null : (
        <>
          <Problem of={answer.problem} again={answer.run} />
          <p class="govuk-hint" id={`answer-${message.message}`}>
            {t("desk.messages.after")}
          </p>
          <Button
            onClick={answer.run}
            busy={answer.busy}
            disabled={!isOnline}
            describedBy={`answer-${message.message}`}
          >
            {t("desk.messages.done")}
          </Button>
        </>
      )}
    </>
  );
}

/** Its writer can still be asked. */
function Unread({ problem, again }: { readonly problem: unknown; readonly again: () => void }) {
  const hasFailed = problem instanceof CannotOpen || problem instanceof Untrusted;
  if (!hasFailed) return <CannotCheck problem={problem} team={null} again={again} />;
  return <Warning>{t("desk.messages.closed", { code: problem.code })}</Warning>;
}
