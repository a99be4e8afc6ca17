/** The words, typed once from the card before anything depends on them. */

import { useEffect, useState } from "preact/hooks";
import { ApiProblem } from "../../../api.ts";
import { useApp } from "../../../app.tsx";
import { Button, Link } from "../../../parts/button.tsx";
import { Form, Input } from "../../../parts/form.tsx";
import { Problem, useAction } from "../../../parts/load.tsx";
import { type FieldError, Screen } from "../../../parts/screen.tsx";
import { P, Status } from "../../../parts/text.tsx";
import { plural, t } from "../../../words.ts";
import { compare, type Trial, wordsOf } from "./card.ts";

const FIELD = "words";

interface Props {
  readonly account: string;
  /** Where the words are shown. */
  readonly show: string;
  /** Runs once they were typed as they are on the card. */
  readonly use: (words: readonly string[]) => Promise<void>;
}

export function Practise({ account, show, use }: Props) {
  const { go } = useApp();
  const [typed, setTyped] = useState("");
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const words = wordsOf(account);
  useEffect(() => {
    if (words === null) go(show, { replace: true });
  }, [words]);
  const check = useAction(async () => {
    if (words === null) return;
    const trial = compare(typed, words);
    setErrors(trial === "same" ? [] : [{ field: FIELD, message: wrong(trial) }]);
    if (trial === "same") await use(words);
  });
  return (
    <Screen title={t("join.try.title")} errors={errors} back={show}>
      <Form onSubmit={check.run}>
        <Input
          id={FIELD}
          label={t("join.try.label")}
          hint={t("join.try.hint")}
          error={errors[0]?.message}
          value={typed}
          onInput={setTyped}
          secret
        />
        <Trouble of={check.problem} again={check.run} />
        <Button type="submit" busy={check.busy}>
          {t("join.try.check")}
        </Button>
        <Status text={check.busy && errors.length === 0 ? t("join.try.making") : ""} />
      </Form>
      <P>
        <Link to={show}>{t("join.try.again")}</Link>
      </P>
    </Screen>
  );
}

function wrong(trial: Exclude<Trial, "same">): string {
  if (trial === "empty") return t("join.try.empty");
  return trial === "too-many" ? t("join.try.more") : t("join.try.wrong", { n: trial.word });
}

/** Words are stretched by a gate that answers so many times an hour. */
function Trouble({ of: problem, again }: { readonly of: unknown; readonly again: () => void }) {
  if (problem instanceof ApiProblem && problem.status === 429) {
    const minutes = Math.ceil((problem.retryAfter ?? 60) / 60);
    return <P>{plural("join.try.wait", minutes)}</P>;
  }
  return <Problem of={problem} again={again} />;
}
