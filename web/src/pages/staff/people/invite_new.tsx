/** C9, first part: how the sheet gets to somebody, and whether that is safe; then the sheet is made. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { inviteMember, openArrangement, type OpenedArrangement } from "../../../acts/arranging.ts";
import type { Card } from "../../../acts/card.ts";
import { personOf } from "../../../acts/plan.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Form, Input, Radios } from "../../../parts/form.tsx";
import { Load, useAction, useLoad } from "../../../parts/load.tsx";
import type { FieldError } from "../../../parts/screen.tsx";
import { P, Status } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { t } from "../../../words.ts";
import { FormScreen, useErrors } from "./errors.tsx";
import { familyRole } from "./roles.ts";
import { keepSheet } from "./sheets.ts";
import { Trouble } from "./trouble.tsx";

export function NewInvite({ params }: PageProps) {
  const keys = useKeys();
  const { id = "", membership = "" } = params;
  const opened = useLoad(() => openArrangement(keys, id), [id]);
  return (
    <FormScreen title={t("people.invite.title")} back={`/desk/arrangements/${id}`}>
      <Load of={opened}>
        {(found) => <InviteForm opened={found} membership={membership} />}
      </Load>
    </FormScreen>
  );
}

interface InviteFormProps {
  readonly opened: OpenedArrangement;
  readonly membership: string;
  /** What a sheet for new keys asks besides, before anything else. */
  readonly more?: {
    readonly fields: ComponentChildren;
    readonly wrong: () => readonly FieldError[];
    readonly card: Pick<Card, "checked" | "approver">;
    /** The number they had so far. */
    readonly phone: string;
    readonly label: string;
  };
}

type Channel = "hand" | "post";
type Safe = "yes" | "no" | "unsure";

export function InviteForm({ opened, membership, more }: InviteFormProps) {
  const keys = useKeys();
  const { go } = useApp();
  const person = personOf(opened.plan, membership);
  const role = familyRole(person?.role ?? "");
  const [phone, setPhone] = useState(more?.phone ?? opened.cards.get(membership)?.phone ?? "");
  const [channel, setChannel] = useState<Channel | null>(null);
  const [isSafe, setIsSafe] = useState<Safe | null>(null);
  const errors = useErrors();
  const make = useAction(async () => {
    if (person === undefined || role === null) return;
    const wrong: FieldError[] = [...(more?.wrong() ?? [])];
    if (channel === null) wrong.push({ field: "channel", message: t("people.invite.channel.error") });
    if (channel === "post" && isSafe === null) wrong.push({ field: "safe", message: t("people.invite.safe.error") });
    if (channel === "post" && isSafe !== null && isSafe !== "yes") {
      wrong.push({ field: "safe", message: t("people.invite.safe.no") });
    }
    if (phone.trim() === "") wrong.push({ field: "phone", message: t("people.invite.phone.error") });
    if (!errors.show(wrong)) return;
    const { side, name } = person;
    const card = { name, relationship: role, phone: phone.trim(), ...more?.card };
    const sheet = await inviteMember(keys, opened.standing, { membership, side, role }, card);
    keepSheet(sheet);
    go(`/desk/invites/${sheet.invite}`, { replace: true });
  });
  if (person === undefined || role === null) return <P>{t("common.hidden")}</P>;
  return (
    <Form onSubmit={make.run}>
      {more === undefined ? <P>{t("people.invite.for", { name: person.name })}</P> : more.fields}
      <Radios<Channel>
        id="channel"
        legend={t("people.invite.channel")}
        options={[
          { value: "hand", label: t("people.invite.hand"), hint: t("people.invite.hand.hint") },
          { value: "post", label: t("people.invite.post"), hint: t("people.invite.post.hint") },
        ]}
        value={channel}
        onChange={setChannel}
        error={errors.of("channel")}
      />
      {channel === "post" ? (
        <Radios<Safe>
          id="safe"
          legend={t("people.invite.safe")}
          hint={t("people.invite.safe.hint")}
          options={[
            { value: "yes", label: t("people.yes") },
            { value: "no", label: t("people.no") },
            { value: "unsure", label: t("people.unsure") },
          ]}
          value={isSafe}
          onChange={setIsSafe}
          error={errors.of("safe")}
        />
      ) : null}
      <Input
        id="phone"
        type="tel"
        label={t("people.invite.phone")}
        hint={t("people.invite.phone.hint")}
        value={phone}
        onInput={setPhone}
        error={errors.of("phone")}
        width={20}
      />
      <Trouble of={make.problem} again={make.run} />
      <Status text={make.busy ? t("people.invite.busy") : ""} />
      <Button type="submit" busy={make.busy}>
        {more?.label ?? t("people.invite.make")}
      </Button>
    </Form>
  );
}
