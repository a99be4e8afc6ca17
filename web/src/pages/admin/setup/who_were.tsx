/** Whoever comes back stays the person they were: one person is never two who agree. */

import { useState } from "preact/hooks";
import { newPost, samePost } from "../../../acts/administrators.ts";
import type { Colleague, Post } from "../../../acts/staffing.ts";
import { Button } from "../../../parts/button.tsx";
import { Form, Radios } from "../../../parts/form.tsx";
import { t } from "../../../words.ts";
import { nameOf } from "../../staff/people/colleagues.ts";
import { useErrors } from "../../staff/people/errors.tsx";

interface WhoWereProps {
  readonly administrators: readonly Colleague[];
  readonly onChosen: (as: Post) => void;
}

const NEW = "new";

export function WhoWere({ administrators, onChosen }: WhoWereProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const errors = useErrors();
  const choose = () => {
    const wrong = { field: "who", message: t("people.return.who.error") };
    if (!errors.show(chosen === null ? [wrong] : [])) return;
    const who = administrators.find(({ certificate }) => certificate === chosen);
    onChosen(who === undefined ? newPost("administrator", []) : samePost(who, "administrator", []));
  };
  return (
    <Form onSubmit={choose}>
      <Radios<string>
        id="who"
        legend={t("people.return.who.legend")}
        options={[
          ...administrators.map((each) => ({ value: each.certificate, label: nameOf(each) })),
          { value: NEW, label: t("people.return.who.new") },
        ]}
        value={chosen}
        onChange={setChosen}
        error={errors.of("who")}
      />
      <Button type="submit">{t("people.continue")}</Button>
    </Form>
  );
}
