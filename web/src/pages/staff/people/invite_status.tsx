/** Where an invitation is, as far as anybody can know without opening somebody's post. */

import type * as Api from "../../../api_types.ts";
import { Tag, type Tone } from "../../../parts/text.tsx";
import { t, type Key } from "../../../words.ts";
import { sheetStage } from "./following.ts";

const SHOWN: Readonly<Record<string, { readonly key: Key; readonly tone: Tone }>> = {
  made: { key: "people.stage.made", tone: "blue" },
  joined: { key: "people.stage.joined", tone: "purple" },
  certified: { key: "people.stage.certified.done", tone: "green" },
  run_out: { key: "people.stage.run-out", tone: "yellow" },
};

export function InviteStatus({ invite }: { readonly invite: Api.Invite }) {
  const shown = SHOWN[invite.status];
  if (shown === undefined) return <>{invite.status}</>;
  const isQuiet = invite.status === "run_out" || (invite.status === "made" && sheetStage(invite, new Date()) === "unopened");
  return (
    <>
      <Tag tone={shown.tone}>{t(shown.key)}</Tag> {isQuiet ? t("people.invites.unopened") : ""}
    </>
  );
}
