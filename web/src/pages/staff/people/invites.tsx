/** Invitations: who has a sheet, who has joined and waits for a call, what ran out. */

import { useState } from "preact/hooks";
import { personOf } from "../../../acts/plan.ts";
import type * as Api from "../../../api_types.ts";
import { useKeys } from "../../../app.tsx";
import { Button, Link } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { P } from "../../../parts/text.tsx";
import { dayShort, t } from "../../../words.ts";
import { followed } from "./following.ts";
import { InviteStatus } from "./invite_status.tsx";
import { type OpenedOrNot, useOpenedArrangements } from "./opening.ts";
import { roleName } from "./roles.ts";

const PAGE = 20;
/** Those who wait for somebody come first. */
const ORDER = ["joined", "made", "run_out", "certified"];

export function Invites() {
  const list = useLoad(followed, []);
  return (
    <Screen title={t("people.invites")} wide>
      <P>{t("people.invites.text")}</P>
      <Load of={list}>{(all) => (all.length === 0 ? <P>{t("people.invites.none")}</P> : <List all={all} />)}</Load>
    </Screen>
  );
}

function List({ all }: { readonly all: readonly Api.Invite[] }) {
  const keys = useKeys();
  const [most, setMost] = useState(PAGE);
  const sorted = [...all].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  const shown = sorted.slice(0, most);
  const ids = new Set(shown.flatMap(({ arrangement }) => arrangement ?? []));
  const opened = useOpenedArrangements(keys, [...ids]);
  return (
    <>
      <div class="p-scroll" tabIndex={0} role="region" aria-label={t("people.invites")}>
        <table class="govuk-table">
          <thead>
            <tr>
              <th scope="col" class="govuk-table__header">{t("people.invites.who")}</th>
              <th scope="col" class="govuk-table__header">{t("people.arrangements.state")}</th>
              <th scope="col" class="govuk-table__header">{t("people.invites.made")}</th>
              <th scope="col" class="govuk-table__header">{t("people.invites.expires")}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((invite) => (
              <tr class="govuk-table__row" key={invite.invite}>
                <th scope="row" class="govuk-table__header">
                  <Link to={`/desk/invites/${invite.invite}`}>{nameOf(invite, opened)}</Link>
                </th>
                <td class="govuk-table__cell">
                  <InviteStatus invite={invite} />
                </td>
                <td class="govuk-table__cell">{dayShort(invite.made_at)}</td>
                <td class="govuk-table__cell">{dayShort(invite.expires_at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {most < all.length ? (
        <Button kind="secondary" onClick={() => setMost(most + PAGE)}>
          {t("people.more")}
        </Button>
      ) : null}
    </>
  );
}

/** Names are in the sealed plan; until it is open, and for staff, the role stands alone. */
function nameOf(invite: Api.Invite, opened: ReadonlyMap<string, OpenedOrNot>): string {
  const plan = opened.get(invite.arrangement ?? "")?.plan;
  const person = plan === undefined ? undefined : personOf(plan, invite.membership ?? "");
  const role = roleName(invite.role);
  return person === undefined ? role : t("people.named", { name: person.name, role });
}
