/** How to be told, changed later: the same questions as while joining. */

import { useState } from "preact/hooks";
import { contacts, type MessagesChoice, setContact } from "../../../acts/contacts.ts";
import { keepMessages, keptMessages } from "../../../acts/drafts.ts";
import { letterboxes } from "../../../acts/letterbox.ts";
import { useKeys } from "../../../app.tsx";
import { Link } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { type FieldError, Screen } from "../../../parts/screen.tsx";
import { P, Panel } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { MessagesForm } from "../join/messages_form.tsx";

export function Messages() {
  const keys = useKeys();
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [isSaved, setIsSaved] = useState(false);
  const load = useLoad(async () => {
    const [boxes, before, given] = await Promise.all([letterboxes(keys), keptMessages(keys), contacts()]);
    return { boxes, before, isFailing: given.some(({ state }) => state === "failing") };
  }, [keys]);
  return (
    <Screen title={t("join.messages.title")} errors={errors} back="/settings" key={String(isSaved)}>
      {isSaved ? (
        <Saved />
      ) : (
        <Load of={load}>
          {({ boxes, before, isFailing }) => {
            const save = async (choice: MessagesChoice) => {
              if (boxes.length === 0) await keepMessages(keys, choice);
              for (const box of boxes) await setContact(keys, box, choice);
              setIsSaved(true);
            };
            return (
              <>
                <P>{t(isFailing ? "settings.messages.failing" : "settings.messages.text")}</P>
                <MessagesForm before={before} errors={errors} onErrors={setErrors} save={save} />
              </>
            );
          }}
        </Load>
      )}
    </Screen>
  );
}

function Saved() {
  return (
    <>
      <Panel title={t("settings.messages.saved")} />
      <P>{t("settings.messages.told")}</P>
      <P>
        <Link to="/settings">{t("common.settings")}</Link>
      </P>
    </>
  );
}
