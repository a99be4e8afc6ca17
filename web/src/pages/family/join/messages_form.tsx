/** How somebody is told that there is something: asked while joining, and changed in Settings. */

import { useState } from "preact/hooks";
import type { MessagesChoice } from "../../../acts/contacts.ts";
import { useApp } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Form, Input, Radios, TextArea } from "../../../parts/form.tsx";
import { Problem, useAction } from "../../../parts/load.tsx";
import type { FieldError } from "../../../parts/screen.tsx";
import { Inset, P } from "../../../parts/text.tsx";
import { type Key, t } from "../../../words.ts";
import { Avoid, DAY_FIELD, withTyped } from "./avoid.tsx";

type Channel = MessagesChoice["channel"];

const CHANNEL_FIELD = "channel";
const ADDRESS_FIELD = "address";
/** Bytes: all of it is sealed into one kilobyte. */
const LONGEST = 400;
const MOST_DAYS = 30;

interface Props {
  readonly before: MessagesChoice | null;
  /** For the page to show on top. */
  readonly errors: readonly FieldError[];
  readonly onErrors: (errors: readonly FieldError[]) => void;
  readonly save: (choice: MessagesChoice) => Promise<void>;
}

export function MessagesForm({ before, errors, onErrors, save }: Props) {
  const { lang } = useApp();
  const [channel, setChannel] = useState<Channel | null>(before?.channel ?? null);
  // What was typed for one way of telling stays when another is looked at.
  const [addresses, setAddresses] = useState<Partial<Record<Channel, string>>>(
    before === null ? {} : { [before.channel]: before.address },
  );
  const [days, setDays] = useState<readonly string[]>(before?.avoid ?? []);
  const [day, setDay] = useState("");
  const [language, setLanguage] = useState<MessagesChoice["lang"]>(before?.lang ?? lang);
  const errorAt = (field: string) => errors.find((each) => each.field === field)?.message;
  const address = channel === null ? "" : (addresses[channel] ?? "").trim();
  const noDay = { field: DAY_FIELD, message: t("join.avoid.wrong") };

  const action = useAction(async () => {
    const avoid = withTyped(days, day);
    const found = [...wrong(channel, address)];
    if (avoid === null || avoid.length > MOST_DAYS) found.push(noDay);
    onErrors(found);
    if (found.length > 0 || channel === null || avoid === null) return;
    await save({ channel, address, lang: language, avoid });
  });

  const field = {
    id: ADDRESS_FIELD,
    error: errorAt(ADDRESS_FIELD),
    value: channel === null ? "" : (addresses[channel] ?? ""),
    onInput: (typed: string) => channel !== null && setAddresses({ ...addresses, [channel]: typed }),
  };
  return (
    <Form onSubmit={action.run}>
      <Radios
        id={CHANNEL_FIELD}
        legend={t("join.messages.how")}
        error={errorAt(CHANNEL_FIELD)}
        options={[
          { value: "text", label: t("join.messages.text") },
          { value: "email", label: t("join.messages.email") },
          { value: "post", label: t("join.messages.post") },
        ]}
        value={channel}
        onChange={setChannel}
      />
      {channel === "text" ? (
        <Input {...field} label={t("join.messages.number")} type="tel" inputMode="tel" autocomplete="tel" />
      ) : null}
      {channel === "email" ? (
        <Input {...field} label={t("join.messages.mail")} type="email" inputMode="email" autocomplete="email" />
      ) : null}
      {channel === "post" ? <TextArea {...field} label={t("join.messages.home")} rows={4} /> : null}
      <P>{t("join.messages.all")}</P>
      <Inset>
        <em>{t("join.messages.preview", { service: t("common.service") })}</em>
      </Inset>
      <Avoid
        days={days}
        onDays={(more) => {
          setDays(more);
          onErrors(errors.filter(({ field }) => field !== DAY_FIELD));
        }}
        typed={day}
        onTyped={setDay}
        error={errorAt(DAY_FIELD)}
        onWrong={() => onErrors([noDay])}
      />
      <Radios
        id="language"
        legend={t("join.messages.lang")}
        options={[
          { value: "en", label: "English", lang: "en" },
          { value: "cy", label: "Cymraeg", lang: "cy" },
        ]}
        value={language}
        onChange={setLanguage}
      />
      <Problem of={action.problem} again={action.run} />
      <Button type="submit" busy={action.busy}>
        {t("join.messages.save")}
      </Button>
    </Form>
  );
}

function wrong(channel: Channel | null, address: string): FieldError[] {
  if (channel === null) return [{ field: CHANNEL_FIELD, message: t("join.messages.how.wrong") }];
  const isRight = new TextEncoder().encode(address).length <= LONGEST && SHAPES[channel].test(address);
  if (isRight) return [];
  return [{ field: ADDRESS_FIELD, message: t(WRONG[channel]) }];
}

const WRONG: Readonly<Record<Channel, Key>> = {
  text: "join.messages.number.wrong",
  email: "join.messages.mail.wrong",
  post: "join.messages.home.wrong",
};

/** Enough to catch a slip: whether it is somebody's, only a message can show. */
const SHAPES: Readonly<Record<Channel, RegExp>> = {
  text: /^\+?(?:[ ()-]*\d){10,15}[ ()-]*$/,
  email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  post: /\S\s+\S/,
};
