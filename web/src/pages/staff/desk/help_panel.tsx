/** `?`: what the keys do. */

import { Link } from "../../../parts/button.tsx";
import { P } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { STEPS, type Keymap } from "./keymap.ts";
import { Panel } from "./panel.tsx";

export function HelpPanel({ keymap, close }: { readonly keymap: Keymap; readonly close: () => void }) {
  return (
    <Panel title={t("desk.help.title")} close={close} closing={t("desk.close")}>
      <KeyTable keymap={keymap} />
      <P>
        <Link to="/desk/shortcuts">{t("desk.shortcuts.change")}</Link>
      </P>
    </Panel>
  );
}

function KeyTable({ keymap }: { readonly keymap: Keymap }) {
  if (!keymap.isOn) return <P>{t("desk.help.off")}</P>;
  const fixed = [
    { key: t("desk.key.space"), does: t("desk.key.space.does") },
    { key: t("desk.key.enter"), does: t("desk.key.enter.does") },
  ];
  const single = STEPS.map((step) => ({ key: keymap.keys[step], does: t(`desk.step.${step}`) }));
  return (
    <table class="govuk-table">
      <thead class="govuk-table__head">
        <tr class="govuk-table__row">
          <th class="govuk-table__header" scope="col">
            {t("desk.key")}
          </th>
          <th class="govuk-table__header" scope="col">
            {t("desk.key.does")}
          </th>
        </tr>
      </thead>
      <tbody class="govuk-table__body">
        {[...fixed, ...single].map(({ key, does }) => (
          <tr class="govuk-table__row" key={key}>
            <td class="govuk-table__cell">
              <kbd>{key}</kbd>
            </td>
            <td class="govuk-table__cell">{does}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
