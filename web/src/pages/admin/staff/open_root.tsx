/** Both custodians at one screen: the root file and each one's six words. */

import { useState } from "preact/hooks";
import { openRootFile, type Root } from "../../../acts/ceremony.ts";
import { Untrusted, WrongWords } from "../../../acts/errors.ts";
import { Button } from "../../../parts/button.tsx";
import { Form, Input, TextArea } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import { Details, P, Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useErrors } from "../../staff/people/errors.tsx";
import { Trouble } from "../../staff/people/trouble.tsx";
import { fromText } from "../root_text.ts";
import { FileField } from "../setup/file_field.tsx";

interface OpenRootProps {
  /** Tells the fields of several apart. */
  readonly id: string;
  /** The agency's root key, hex: another root is of no use here. */
  readonly expected: string;
  readonly onOpen: (root: Root) => void;
}

export function OpenRoot({ id, expected, onOpen }: OpenRootProps) {
  const [file, setFile] = useState<Uint8Array | null>(null);
  const [text, setText] = useState("");
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const errors = useErrors();
  const open = useAction(async () => {
    const bytes = file ?? fromText(text);
    errors.show(bytes === null ? [{ field: `file-${id}`, message: t("people.root.file.error") }] : []);
    if (bytes === null) return;
    try {
      const root = await openRootFile(bytes, first, second);
      if (root.public !== expected) {
        root.close();
        throw new Untrusted("wrong-realm");
      }
      onOpen(root);
    } catch (error) {
      if (!(error instanceof WrongWords)) throw error;
      errors.show([{ field: `first-${id}`, message: t("people.root.wrong") }]);
    }
  });
  return (
    <Form onSubmit={open.run}>
      <P>{t("people.root.text")}</P>
      <FileField
        id={`file-${id}`}
        label={t("people.root.file")}
        hint={t("people.root.file.hint")}
        error={errors.of(`file-${id}`)}
        onBytes={setFile}
      />
      <Details summary={t("people.root.paper")}>
        <TextArea id={`text-${id}`} label={t("people.root.paper.label")} value={text} onInput={setText} />
      </Details>
      <Input
        id={`first-${id}`}
        label={t("people.root.first")}
        secret
        value={first}
        onInput={setFirst}
        error={errors.of(`first-${id}`)}
      />
      <Input id={`second-${id}`} label={t("people.root.second")} secret value={second} onInput={setSecond} />
      <Trouble of={open.problem} again={open.run} />
      <Status text={open.busy ? t("people.root.busy") : ""} />
      <Button type="submit" busy={open.busy}>
        {t("people.root.open")}
      </Button>
    </Form>
  );
}
