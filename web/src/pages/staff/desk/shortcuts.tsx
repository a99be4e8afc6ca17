/** C13: which single keys there are; on or off; other keys. Kept on this device. */

import { useState } from "preact/hooks";
import { Button } from "../../../parts/button.tsx";
import { Checkboxes, Form, Input } from "../../../parts/form.tsx";
import { Screen, type FieldError } from "../../../parts/screen.tsx";
import { P, Status } from "../../../parts/text.tsx";
import { keepShortcuts } from "../../../store.ts";
import { t } from "../../../words.ts";
import { clashes, DEFAULT, readKey, STEPS, type Step } from "./keymap.ts";
import { keptKeymap } from "./use_keys.ts";

const field = (step: Step): string => `key-${step}`;

export function Shortcuts() {
  const [kept] = useState(keptKeymap);
  const [isOn, setOn] = useState(kept.isOn);
  const [typed, setTyped] = useState<Record<Step, string>>({ ...kept.keys });
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [said, setSaid] = useState("");
  const errorOf = (step: Step) => errors.find((each) => each.field === field(step))?.message;

  const save = () => {
    const keys = { ...typed };
    const found: FieldError[] = [];
    for (const step of STEPS) {
      const key = readKey(typed[step]);
      if (key === null) found.push({ field: field(step), message: t("desk.shortcuts.one") });
      else keys[step] = key;
    }
    if (found.length === 0) {
      const twice = clashes(keys).map((step) => ({
        field: field(step),
        message: t("desk.shortcuts.clash", { key: keys[step] }),
      }));
      found.push(...twice);
    }
    setErrors(found);
    if (found.length > 0) return setSaid("");
    setTyped(keys);
    setSaid(t(keepShortcuts(JSON.stringify({ isOn, keys })) ? "desk.shortcuts.saved" : "desk.shortcuts.unsaved"));
  };
  const reset = () => {
    setTyped({ ...DEFAULT.keys });
    setErrors([]);
    setSaid("");
  };
  return (
    <Screen title={t("desk.shortcuts")} back="/desk" errors={errors}>
      <P>{t("desk.shortcuts.what")}</P>
      <Form onSubmit={save}>
        <Checkboxes
          id="single-keys"
          legend={t("desk.shortcuts.on")}
          hint={t("desk.shortcuts.on.hint")}
          options={[{ value: "on", label: t("desk.shortcuts.use") }]}
          values={isOn ? ["on"] : []}
          onChange={(values) => setOn(values.includes("on"))}
        />
        {STEPS.map((step) => (
          <Input
            key={step}
            id={field(step)}
            label={t(`desk.step.${step}`)}
            width={5}
            error={errorOf(step)}
            value={typed[step]}
            onInput={(value) => setTyped((now) => ({ ...now, [step]: value }))}
          />
        ))}
        <Status text={said} />
        <div class="govuk-button-group">
          <Button type="submit">{t("desk.shortcuts.save")}</Button>
          <Button kind="secondary" onClick={reset}>
            {t("desk.shortcuts.reset")}
          </Button>
        </div>
      </Form>
    </Screen>
  );
}
