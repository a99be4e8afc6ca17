/** F8: how to be told, kept until there is a certificate to sign it with. */

import { useState } from "preact/hooks";
import type { MessagesChoice } from "../../../acts/contacts.ts";
import { keepMessages, keptMessages } from "../../../acts/drafts.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { type FieldError, Screen } from "../../../parts/screen.tsx";
import { t } from "../../../words.ts";
import { MessagesForm } from "./messages_form.tsx";

export function Messages() {
  const keys = useKeys();
  const { go } = useApp();
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const kept = useLoad(() => keptMessages(keys), [keys]);
  const save = async (choice: MessagesChoice) => {
    await keepMessages(keys, choice);
    go("/join/waiting");
  };
  return (
    <Screen title={t("join.messages.title")} errors={errors}>
      <Load of={kept}>
        {(before) => <MessagesForm before={before} errors={errors} onErrors={setErrors} save={save} />}
      </Load>
    </Screen>
  );
}
