/** A2: everybody who works here; inviting, certifying, removing; teams; one's own name. */

import { useCallback } from "preact/hooks";
import {
  type Colleague,
  everybody,
  type FirstHalf,
  firstHalves,
  me,
  staffInvitations,
  type Team,
  teams,
} from "../../acts/staffing.ts";
import type * as Api from "../../api_types.ts";
import { useKeys } from "../../app.tsx";
import { Load } from "../../parts/load.tsx";
import { H2, P } from "../../parts/text.tsx";
import { t } from "../../words.ts";
import { FormScreen } from "../staff/people/errors.tsx";
import { useSteadyLoad } from "../staff/people/focus.ts";
import { useLooking } from "../staff/people/until.ts";
import { type RootHolder, useRoot } from "./root_holder.ts";
import { Everybody } from "./staff/everybody.tsx";
import { InviteStaff } from "./staff/invite_staff.tsx";
import { Joined } from "./staff/joined.tsx";
import { MyName } from "./staff/my_name.tsx";
import { Teams } from "./staff/teams.tsx";

export interface Known {
  readonly self: Colleague;
  readonly staff: readonly Colleague[];
  readonly all: readonly Team[];
  readonly invites: readonly Api.Invite[];
  readonly halves: readonly FirstHalf[];
}

export function Staff() {
  const keys = useKeys();
  const known = useSteadyLoad<Known | null>(async () => {
    const self = await me(keys);
    if (self === null) return null;
    const isManager = self.roles.includes("lead") || self.roles.includes("administrator");
    const [staff, all, invites, halves] = await Promise.all([
      everybody(keys),
      teams(),
      isManager ? staffInvitations() : [],
      isManager ? firstHalves(keys) : [],
    ]);
    return { self, staff, all, invites, halves };
  }, []);
  const holder = useRoot();
  return (
    <FormScreen title={t("people.staff")} wide back="/admin">
      <Load of={known}>
        {(found) =>
          found === null ? <P>{t("common.hidden")}</P> : <Shown known={found} holder={holder} again={known.again} />
        }
      </Load>
    </FormScreen>
  );
}

interface ShownProps {
  readonly known: Known;
  readonly holder: RootHolder;
  readonly again: () => void;
}

function Shown({ known, holder, again }: ShownProps) {
  const { self, all, invites } = known;
  const isManager = self.roles.includes("lead") || self.roles.includes("administrator");
  const waiting = invites.filter(({ status }) => status === "joined");
  // Somebody may join, or the worker may get to a certificate, while the page is looked at.
  const shown = fingerprint(invites);
  const look = useCallback(async () => {
    if (fingerprint(await staffInvitations()) !== shown) again();
  }, [shown]);
  useLooking(look, isManager && invites.some(({ status }) => status === "made" || status === "joined"));
  return (
    <>
      {waiting.length === 0 ? null : (
        <>
          <H2>{t("people.staff.waiting")}</H2>
          {waiting.map((invite) => (
            <Joined invite={invite} known={known} holder={holder} again={again} key={invite.invite} />
          ))}
        </>
      )}
      <H2>{t("people.staff.everybody")}</H2>
      <Everybody known={known} holder={holder} again={again} />
      {isManager ? <InviteStaff self={self} /> : null}
      <Teams self={self} all={all} again={again} />
      <MyName self={self} again={again} />
    </>
  );
}

function fingerprint(invites: readonly Api.Invite[]): string {
  const states = invites.map(({ invite, status, certificates }) => [
    invite,
    status,
    ...certificates.map(({ verdict, in_force }) => `${verdict}${in_force}`),
  ]);
  return JSON.stringify(states);
}
