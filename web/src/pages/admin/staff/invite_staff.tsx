/** Inviting a colleague: a role, and a sheet with a code to give them. */

import { useState } from "preact/hooks";
import { type Colleague, inviteStaff, type StaffRole } from "../../../acts/staffing.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Form, Radios } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import { H2, Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { roleName, STAFF } from "../../staff/people/roles.ts";
import { keepSheet } from "../../staff/people/sheets.ts";
import { Trouble } from "../../staff/people/trouble.tsx";

export function InviteStaff({ self }: { readonly self: Colleague }) {
  const keys = useKeys();
  const { go } = useApp();
  const [role, setRole] = useState<StaffRole>(self.roles.includes("administrator") ? "lead" : "coordinator");
  const invite = useAction(async () => {
    const sheet = await inviteStaff(keys, role);
    keepSheet(sheet);
    go(`/desk/invites/${sheet.invite}`);
  });
  return (
    <>
      <H2>{t("people.staff.invite")}</H2>
      <Form onSubmit={invite.run}>
        <Radios<StaffRole>
          id="invite-role"
          legend={t("people.staff.invite.role")}
          hint={t("people.staff.invite.hint")}
          options={STAFF.map((each) => ({ value: each, label: roleName(each) }))}
          value={role}
          onChange={setRole}
        />
        <Trouble of={invite.problem} again={invite.run} />
        <Status text={invite.busy ? t("people.invite.busy") : ""} />
        <Button type="submit" busy={invite.busy}>
          {t("people.staff.invite.do")}
        </Button>
      </Form>
    </>
  );
}
