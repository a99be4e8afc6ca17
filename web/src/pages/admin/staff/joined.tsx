/** Somebody who used their code and waits to be certified: by the root, or by two people. */

import { useState } from "preact/hooks";
import {
  certifyByRoot,
  certifyFirstHalf,
  certifySecondHalf,
  type Colleague,
  newPost,
  samePost,
  type StaffRole,
} from "../../../acts/staffing.ts";
import type * as Api from "../../../api_types.ts";
import { useKeys } from "../../../app.tsx";
import { Checkboxes } from "../../../parts/form.tsx";
import { H2, P } from "../../../parts/text.tsx";
import { dayShort, t } from "../../../words.ts";
import { Certify } from "../../staff/people/certify.tsx";
import { nameOf } from "../../staff/people/colleagues.ts";
import { useFocusKept } from "../../staff/people/focus.ts";
import { roleName, staffRole } from "../../staff/people/roles.ts";
import { Select } from "../../staff/people/select.tsx";
import { verified } from "../../staff/people/until.ts";
import type { RootHolder } from "../root_holder.ts";
import type { Known } from "../staff.tsx";
import { OpenRoot } from "./open_root.tsx";

interface JoinedProps {
  readonly invite: Api.Invite;
  readonly known: Known;
  readonly holder: RootHolder;
  readonly again: () => void;
}

/** Roles that only the root gives. */
const BY_ROOT: readonly string[] = ["lead", "administrator"];

/** Whether only the root certifies them. */
function needsRoot({ role }: Pick<Api.Invite, "role">): boolean {
  return BY_ROOT.includes(role);
}

export function Joined(props: JoinedProps) {
  const { invite, known } = props;
  const role = staffRole(invite.role);
  const isVerifying = invite.certificates.some(({ verdict }) => verdict === "waiting");
  const half = known.halves.find((each) => each.invite === invite.invite);
  return (
    <section>
      <H2>
        {t("people.staff.joined", { role: roleName(invite.role), day: dayShort(invite.used_at ?? invite.made_at) })}
      </H2>
      {isVerifying ? <P>{t("people.stage.verifying.text")}</P> : null}
      {!isVerifying && role !== null && needsRoot(invite) ? <ByRoot {...props} role={role} /> : null}
      {!isVerifying && role !== null && !needsRoot(invite) && half === undefined ? (
        <First {...props} role={role} />
      ) : null}
      {!isVerifying && half !== undefined ? <Second {...props} half={half} /> : null}
    </section>
  );
}

type WithRole = JoinedProps & { readonly role: StaffRole };

function ByRoot({ invite, known, holder, again, role }: WithRole) {
  const keys = useKeys();
  const [chosen, setChosen] = useState<readonly string[]>(known.all.map(({ team }) => team).slice(0, 1));
  const [who, setWho] = useState<Colleague | null>(null);
  const { root, keep } = holder;
  // The root is opened once, for everybody who waits for it.
  const isFirst = known.invites.find((each) => each.status === "joined" && needsRoot(each)) === invite;
  useFocusKept(root);
  return (
    <>
      <P>{t("people.staff.byRoot")}</P>
      {root === null && !isFirst ? <P>{t("people.staff.byRoot.above")}</P> : null}
      {root === null && isFirst ? <OpenRoot id={invite.invite} expected={keys.root} onOpen={keep} /> : null}
      {root === null ? null : (
        <>
          <ChooseWho id={invite.invite} of={known.staff} role={role} chosen={who} onChange={setWho} />
          {role === "lead" ? <ChooseTeams id={invite.invite} of={known.all} chosen={chosen} onChange={setChosen} /> : null}
          <Certify
            id={invite.invite}
            name={roleName(role)}
            phone=""
            onDigits={async (digits) => {
              const post = postOf(who, role, role === "lead" ? chosen : []);
              await verified(await certifyByRoot(keys, root, invite.invite, digits, post));
              again();
            }}
          />
        </>
      )}
    </>
  );
}

function First({ invite, known, again, role }: WithRole) {
  const keys = useKeys();
  const own = known.all.filter(({ team }) => known.self.teams.includes(team));
  const [chosen, setChosen] = useState<readonly string[]>(own.map(({ team }) => team).slice(0, 1));
  const [who, setWho] = useState<Colleague | null>(null);
  if (!known.self.roles.includes("lead")) return <P>{t("people.staff.first.wait")}</P>;
  return (
    <>
      <P>{t("people.staff.first")}</P>
      <ChooseWho id={invite.invite} of={known.staff} role={role} chosen={who} onChange={setWho} />
      <ChooseTeams id={invite.invite} of={own} chosen={chosen} onChange={setChosen} />
      <Certify
        id={invite.invite}
        name={roleName(role)}
        phone=""
        onDigits={async (digits) => {
          await verified(await certifyFirstHalf(keys, invite.invite, digits, postOf(who, role, chosen)));
          again();
        }}
      />
    </>
  );
}

function Second({ invite, known, again, half }: JoinedProps & { readonly half: Known["halves"][number] }) {
  const keys = useKeys();
  const first = known.staff.find(({ staff }) => staff === half.by);
  if (half.by === known.self.staff || first?.person === known.self.person) {
    return <P>{t("people.staff.second.wait")}</P>;
  }
  return (
    <>
      <P>{t("people.staff.second", { name: first === undefined ? t("people.person.unknown") : nameOf(first) })}</P>
      <Certify
        id={invite.invite}
        name={roleName(invite.role)}
        phone=""
        onDigits={async (digits) => {
          await verified(await certifySecondHalf(keys, invite.invite, digits, half.statement));
          again();
        }}
      />
    </>
  );
}

function postOf(who: Colleague | null, role: StaffRole, of: readonly string[]) {
  return who === null ? newPost(role, of) : samePost(who, role, of);
}

interface ChooseWhoProps {
  readonly id: string;
  readonly of: readonly Colleague[];
  readonly role: StaffRole;
  readonly chosen: Colleague | null;
  readonly onChange: (who: Colleague | null) => void;
}

/** Somebody who lost their keys stays the person they are: one person is never two who agree. */
function ChooseWho({ id, of, role, chosen, onChange }: ChooseWhoProps) {
  const same = of.filter(({ roles, isReplaced }) => roles.includes(role) && !isReplaced);
  if (same.length === 0) return null;
  return (
    <>
      <Select
        id={`who-${id}`}
        label={t("people.staff.who")}
        options={[
          { value: "", label: t("people.staff.who.new") },
          ...same.map((each) => ({
            value: each.certificate,
            label: t("people.staff.who.again", { name: nameOf(each) }),
          })),
        ]}
        value={chosen?.certificate ?? ""}
        onChange={(given) => onChange(same.find(({ certificate }) => certificate === given) ?? null)}
      />
      {chosen === null ? null : <P>{t("people.staff.who.then", { name: nameOf(chosen) })}</P>}
    </>
  );
}

interface ChooseTeamsProps {
  readonly id: string;
  readonly of: readonly Api.Team[];
  readonly chosen: readonly string[];
  readonly onChange: (teams: readonly string[]) => void;
}

function ChooseTeams({ id, of, chosen, onChange }: ChooseTeamsProps) {
  if (of.length === 0) return <P>{t("people.staff.noTeam")}</P>;
  return (
    <Checkboxes
      id={`teams-${id}`}
      legend={t("people.staff.teams")}
      options={of.map(({ team, name }) => ({ value: team, label: name }))}
      values={chosen}
      onChange={onChange}
    />
  );
}
