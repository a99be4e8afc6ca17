/** C9: one invitation: the sheet and the words card to print, and how far the person has come. */

import { openArrangement } from "../../../acts/arranging.ts";
import { personOf } from "../../../acts/plan.ts";
import { me, revoke } from "../../../acts/staffing.ts";
import type * as Api from "../../../api_types.ts";
import { useApp, useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Button, ButtonLink, Link } from "../../../parts/button.tsx";
import { Load, useAction } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, Inset, P, SummaryList } from "../../../parts/text.tsx";
import type { PageProps } from "../../../route.ts";
import { dayYear, t } from "../../../words.ts";
import { useSteadyLoad } from "./focus.ts";
import { followed } from "./following.ts";
import { InviteStatus } from "./invite_status.tsx";
import { roleName } from "./roles.ts";
import { Sheets } from "./sheet.tsx";
import { sheetOf } from "./sheets.ts";
import { Trouble } from "./trouble.tsx";
import { useLooking } from "./until.ts";

export function Invite({ params }: PageProps) {
  const keys = useKeys();
  const id = params["id"] ?? "";
  const known = useSteadyLoad(async () => {
    const [invites, self] = await Promise.all([followed(), me(keys)]);
    const invite = invites.find((each) => each.invite === id);
    // Staff have no membership, and no keys that somebody certifies again.
    const membership = invite?.membership ?? "";
    const isAgain = invites.some(
      (each) => each.membership === membership && each.status === "certified" && each.invite !== id,
    );
    return { invite, isAgain, name: await nameOf(keys, invite), isLead: self?.roles.includes("lead") ?? false };
  }, [id]);
  return (
    <Screen title={t("people.invites.one")} back="/desk/invites" isPrinted={false}>
      <Load of={known}>
        {({ invite, isAgain, name, isLead }) =>
          invite === undefined ? (
            <P>{t("common.hidden")}</P>
          ) : (
            <Followed invite={invite} isAgain={isAgain} name={name} isLead={isLead} again={known.again} />
          )
        }
      </Load>
    </Screen>
  );
}

/** The name is in the sealed plan; of staff there is none yet. */
async function nameOf(keys: Keys, invite: Api.Invite | undefined): Promise<string> {
  const arrangement = invite?.arrangement ?? "";
  if (arrangement === "") return "";
  const { plan } = await openArrangement(keys, arrangement);
  return personOf(plan, invite?.membership ?? "")?.name ?? "";
}

interface FollowedProps {
  readonly invite: Api.Invite;
  /** In the place of keys that were lost. */
  readonly isAgain: boolean;
  readonly name: string;
  readonly isLead: boolean;
  readonly again: () => void;
}

function Followed({ invite, isAgain, name, isLead, again }: FollowedProps) {
  const sheet = sheetOf(invite.invite);
  const isOpen = invite.status === "made";
  // The sheet may be handed over right now: who joins is seen here without asking.
  useLooking(async () => {
    const fresh = (await followed()).find((each) => each.invite === invite.invite);
    if (fresh?.status !== invite.status) again();
  }, isOpen);
  return (
    <>
      <div class="no-print">
        <SummaryList
          rows={[
            {
              key: t("people.invites.who"),
              value: name === "" ? roleName(invite.role) : t("people.named", { name, role: roleName(invite.role) }),
            },
            { key: t("people.arrangements.state"), value: <InviteStatus invite={invite} /> },
            { key: t("people.invites.made"), value: dayYear(invite.made_at) },
            { key: t("people.invites.expires"), value: dayYear(invite.expires_at) },
          ]}
        />
        {isAgain ? <ToNewKeys invite={invite} /> : <Next invite={invite} />}
        {isOpen ? (
          <>
            <H2>{t("people.sheet")}</H2>
            {sheet === null ? <P>{t("people.sheet.gone")}</P> : <Inset>{t("people.sheet.once")}</Inset>}
          </>
        ) : null}
      </div>
      {isOpen && sheet !== null ? <Sheets sheet={sheet} isForStaff={(invite.arrangement ?? "") === ""} /> : null}
      {isOpen && isLead ? <EndIt invite={invite} again={again} /> : null}
    </>
  );
}

/** New keys have a page of their own. */
function ToNewKeys({ invite: { membership, status } }: { readonly invite: Api.Invite }) {
  const text = t(status === "joined" ? "people.certify.go" : "people.again");
  return (
    <ButtonLink to={`/desk/people/${membership ?? ""}/new-key`} secondary={status !== "joined"}>
      {text}
    </ButtonLink>
  );
}

/** Where the way in goes on. */
function Next({ invite }: { readonly invite: Api.Invite }) {
  const { arrangement, membership, status } = invite;
  if (arrangement === null || arrangement === undefined) {
    return status === "joined" ? <ButtonLink to="/admin/staff">{t("people.staff.certify.go")}</ButtonLink> : null;
  }
  if (status === "joined") {
    return <ButtonLink to={`/desk/arrangements/${arrangement}`}>{t("people.certify.go")}</ButtonLink>;
  }
  return (
    <P>
      <Link to={`/desk/arrangements/${arrangement}`}>{t("people.arrangement.go")}</Link>
      {status === "made" || status === "run_out" ? (
        <>
          {" "}
          <Link to={`/desk/arrangements/${arrangement}/invite/${membership ?? ""}`}>{t("people.invite.again")}</Link>
        </>
      ) : null}
    </P>
  );
}

/** A sheet that went astray is ended at once; a new one does not do that by itself. */
function EndIt({ invite, again }: { readonly invite: Api.Invite; readonly again: () => void }) {
  const keys = useKeys();
  const { go } = useApp();
  const end = useAction(async () => {
    await revoke(keys, invite.statement, "lost");
    again();
    go("/desk/invites");
  });
  return (
    <div class="no-print">
      <H2>{t("people.invites.end")}</H2>
      <P>{t("people.invites.end.text")}</P>
      <Trouble of={end.problem} again={end.run} />
      <Button kind="warning" onClick={end.run} busy={end.busy}>
        {t("people.invites.end")}
      </Button>
    </div>
  );
}
