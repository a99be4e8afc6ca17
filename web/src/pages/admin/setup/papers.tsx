/** The root file and the archive's key: saved or printed, and checked, before anything rests on them. */

import { useState } from "preact/hooks";
import type { Prepared } from "../../../acts/ceremony.ts";
import { Button } from "../../../parts/button.tsx";
import { Checkboxes, Form } from "../../../parts/form.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import type { FieldError } from "../../../parts/screen.tsx";
import { Details, H2, P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { bothLanguages } from "../../staff/people/bilingual.ts";
import { useErrors } from "../../staff/people/errors.tsx";
import { asText } from "../root_text.ts";
import { Download } from "./download.tsx";
import { FileField } from "./file_field.tsx";

interface PapersProps {
  readonly prepared: Prepared;
  readonly agency: string;
  readonly onSaved: () => void;
}

type Done = "paper" | "archive";

export function Papers({ prepared, agency, onSaved }: PapersProps) {
  const [file, setFile] = useState<Uint8Array | null>(null);
  const [done, setDone] = useState<readonly Done[]>([]);
  const errors = useErrors();
  const check = () => {
    const isSame = file !== null && sameBytes(file, prepared.rootFile);
    const wrong: FieldError[] = [];
    if (!isSame && !done.includes("paper")) wrong.push({ field: "root-file", message: t("people.setup.root.wrong") });
    if (!done.includes("archive")) wrong.push({ field: "done", message: t("people.setup.archive.error") });
    if (errors.show(wrong)) onSaved();
  };
  return (
    <Form onSubmit={check}>
      <div class="no-print">
        <H2>{t("people.setup.root")}</H2>
        <P>{t("people.setup.root.text")}</P>
        <Download name="postern-root.age" bytes={prepared.rootFile}>
          {t("people.setup.root.save")}
        </Download>
        <FileField
          id="root-file"
          label={t("people.setup.root.check")}
          hint={t("people.setup.root.check.hint")}
          error={errors.of("root-file")}
          onBytes={setFile}
        />
        <Details summary={t("people.setup.root.text.show")}>
          <P>{t("people.setup.root.text.why")}</P>
        </Details>
      </div>
      <Sheets prepared={prepared} agency={agency} />
      <div class="no-print">
        <Button kind="secondary" onClick={() => print()}>
          {t("people.print")}
        </Button>
        <Checkboxes<Done>
          id="done"
          legend={t("people.setup.papers.done")}
          options={[
            { value: "archive", label: t("people.setup.archive.done") },
            { value: "paper", label: t("people.setup.root.paper") },
          ]}
          values={done}
          onChange={setDone}
          error={errors.of("done")}
        />
      </div>
      <Button type="submit">{t("people.continue")}</Button>
    </Form>
  );
}

/** Both on paper: one for the safe, one for the records office. */
function Sheets({ prepared, agency }: Pick<PapersProps, "prepared" | "agency">) {
  const languages = useLoad(bothLanguages, []);
  return (
    <Load of={languages}>
      {(spoken) => (
        <>
          <section class="p-sheet">
            {spoken.map(({ lang, say }) => (
              <div lang={lang === "cy" ? "cy" : "en-GB"} key={lang}>
                <h2 class="govuk-heading-m">{say("people.setup.root.sheet", { agency })}</h2>
                <p class="govuk-body">{say("people.setup.root.text")}</p>
              </div>
            ))}
            <p class="govuk-body p-code p-hex">{asText(prepared.rootFile)}</p>
          </section>
          <section class="p-sheet">
            {spoken.map(({ lang, say }) => (
              <div lang={lang === "cy" ? "cy" : "en-GB"} key={lang}>
                <h2 class="govuk-heading-m">{say("people.setup.archive", { agency })}</h2>
                <p class="govuk-body">{say("people.setup.archive.text")}</p>
              </div>
            ))}
            <p class="govuk-body p-code p-hex">{prepared.archive}</p>
          </section>
        </>
      )}
    </Load>
  );
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
