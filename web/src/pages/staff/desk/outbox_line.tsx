/** What is decided and not yet sent: how long it can be taken back, and what went wrong. */

import { useMemo } from "preact/hooks";
import { decisions } from "../../../acts/letters.ts";
import { ApiProblem } from "../../../api.ts";
import { Button, Link } from "../../../parts/button.tsx";
import { useLoad } from "../../../parts/load.tsx";
import { t } from "../../../words.ts";
import { KeyHint, keyOf } from "./key_hint.tsx";
import { HOLD, outbox, type Item } from "./outbox.ts";
import { useChanges } from "./store_hook.ts";
import { holderOf } from "./use_claim.ts";
import { keptKeymap } from "./use_keys.ts";
import { useSelf } from "./use_self.ts";

interface OutboxLineProps {
  /** Absent where nothing can be shown again. */
  readonly undo?: (() => void) | undefined;
}

export function OutboxLine({ undo }: OutboxLineProps) {
  useChanges(outbox);
  return (
    <div class="p-outbox no-print">
      {outbox.items.map((item) => (
        <div class="p-outbox__item" role={item.state === "held" ? undefined : "alert"} key={item.sealed.letter}>
          <Line item={item} undo={undo} />
        </div>
      ))}
    </div>
  );
}

function Line({ item, undo }: { readonly item: Item; readonly undo: (() => void) | undefined }) {
  const keymap = useMemo(keptKeymap, []);
  switch (item.state) {
    case "held":
      return (
        <>
          <span class="govuk-body-s">{t("desk.outbox.held", { seconds: HOLD / 1000 })}</span>{" "}
          {undo === undefined ? null : (
            <button class="p-link" type="button" onClick={undo} aria-keyshortcuts={keyOf(keymap, "undo").keys}>
              {t("desk.step.undo")}
              <KeyHint keymap={keymap} step="undo" />
            </button>
          )}
        </>
      );
    case "sending":
      return <span class="govuk-body-s">{t("desk.outbox.sending")}</span>;
    case "unsent":
      return (
        <>
          <p class="govuk-body">{t("desk.outbox.unsent")}</p>
          <Button kind="secondary" onClick={() => void outbox.again()}>
            {t("common.again")}
          </Button>
        </>
      );
    case "refused":
      return <Refused item={item} />;
  }
}

/** Overtaken: it says by whom. */
function Refused({ item }: { readonly item: Item }) {
  const { letter } = item.sealed;
  const self = useSelf()?.staff;
  const told = useLoad(() => overtakenBy(letter, self), [letter, self]);
  const code = item.problem instanceof ApiProblem ? item.problem.code : "";
  return (
    <>
      <p class="govuk-body">
        {told.state === "here" && told.data !== null ? told.data : t("desk.refused")}{" "}
        {code === "stale-arrangement" ? t("desk.refused.arrangement") : t("desk.refused.kept")}
      </p>
      <p class="govuk-body">
        <Link to={`/desk/check/${letter}`}>{t("desk.refused.look")}</Link>
      </p>
      <Button kind="secondary" onClick={() => outbox.forget(item.sealed)}>
        {t("desk.close")}
      </Button>
    </>
  );
}

/** Who decided meanwhile, or who has the letter now. */
async function overtakenBy(letter: string, self: string | undefined): Promise<string | null> {
  const last = (await decisions(letter)).pop();
  const name = last?.name ?? t("desk.colleague");
  switch (last?.outcome) {
    case "deliver":
      return t("desk.refused.deliver", { name });
    case "change":
      return t("desk.refused.change", { name });
    case "keep":
      return t("desk.refused.keep", { name });
  }
  const { holder, name: theirs } = await holderOf(letter);
  if (holder === null || holder === self) return null;
  return t("desk.lost", { name: theirs ?? t("desk.colleague") });
}
