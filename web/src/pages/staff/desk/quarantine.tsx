/** For leads: what did not verify and was not acted on. Nothing here can be let through. */

import { quarantine, type Quarantined } from "../../../acts/staffing.ts";
import { useKeys } from "../../../app.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { Details, P } from "../../../parts/text.tsx";
import { t, when } from "../../../words.ts";

const KINDS = [
  "agency",
  "invite",
  "enrol",
  "staff",
  "member",
  "revoke",
  "epoch",
  "arrangement",
  "contact",
  "submit",
  "withdraw",
  "decision",
  "message",
  "receipt",
  "reseal",
] as const;

/** Right when it was signed, and too late when it came. */
const OVERTAKEN: readonly string[] = [
  "stale-arrangement",
  "stale-epoch",
  "not-head",
  "wrong-version",
  "wrong-revision",
  "withdrawn",
  "already-decided",
  "already-final",
  "repeated",
  "revision-not-asked",
];

/** Groups of the protocol's codes that mean the same to a person. */
const STORIES: readonly (readonly [story: Story, codes: readonly string[]])[] = [
  ["forged", ["bad-signature", "unknown-signer", "wrong-key-hint", "wrong-keys", "key-taken", "key-reused"]],
  ["ended", ["revoked", "expired", "invite-used"]],
  ["notEntitled", ["not-entitled", "not-a-member", "no-write-right", "wrong-team", "wrong-certificate"]],
  ["samePerson", ["same-person", "wrong-chain", "wrong-step"]],
  ["overtaken", OVERTAKEN],
  ["reader", ["wrong-reader", "wrong-grants", "wrong-attachment", "wrong-author", "wrong-arrangement"]],
  ["otherAgency", ["wrong-realm", "no-agency"]],
  ["form", ["malformed", "unknown-kind", "wrong-kind", "missing-statement", "not-delivered"]],
];
type Story =
  | "forged"
  | "ended"
  | "notEntitled"
  | "samePerson"
  | "overtaken"
  | "reader"
  | "otherAgency"
  | "form";

export function Quarantine() {
  const keys = useKeys();
  const load = useLoad(quarantine, [keys]);
  return (
    <Screen title={t("desk.quarantine")} back="/desk">
      <P>{t("desk.quarantine.what")}</P>
      <Load of={load}>{(stopped) => <Listed stopped={stopped} />}</Load>
    </Screen>
  );
}

function Listed({ stopped }: { readonly stopped: readonly Quarantined[] }) {
  if (stopped.length === 0) return <P>{t("desk.quarantine.empty")}</P>;
  return (
    <ul class="p-list">
      {stopped.map(({ statement, kind, reason, received_at }) => (
        <li key={statement}>
          <p class="govuk-body">
            <strong>{kindName(kind)}</strong> {when(received_at)}
          </p>
          <P>{t(`desk.story.${storyOf(reason)}`)}</P>
          <Details summary={t("desk.quarantine.more")}>
            <p class="govuk-body p-code p-desk__comment">
              {t("desk.quarantine.code", { code: reason ?? "–", statement })}
            </p>
          </Details>
        </li>
      ))}
    </ul>
  );
}

function kindName(kind: string): string {
  const known = KINDS.find((each) => each === kind);
  return known === undefined ? kind : t(`desk.kind.${known}`);
}

function storyOf(reason: string | null | undefined): Story | "stopped" | "other" {
  if (!reason) return "stopped";
  return STORIES.find(([, codes]) => codes.includes(reason))?.[0] ?? "other";
}
