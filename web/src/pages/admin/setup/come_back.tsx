/** An administrator who lost everything comes back: the operator's token, the root, new keys. */

import { useCallback, useEffect, useState } from "preact/hooks";
import { comeBack, type Door, type Invited, inviteByRoot } from "../../../acts/administrators.ts";
import { checkToken, type Root } from "../../../acts/ceremony.ts";
import { pickUpCertificates, renew } from "../../../acts/joining.ts";
import type { Agency, Session } from "../../../acts/session.ts";
import type { Post } from "../../../acts/staffing.ts";
import { ApiProblem } from "../../../api.ts";
import { useApp, useKeys } from "../../../app.tsx";
import { Button } from "../../../parts/button.tsx";
import { Form, Input } from "../../../parts/form.tsx";
import { useAction } from "../../../parts/load.tsx";
import { Inset, P, Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { useErrors } from "../../staff/people/errors.tsx";
import { Trouble } from "../../staff/people/trouble.tsx";
import { useLooking } from "../../staff/people/until.ts";
import { MakeWords } from "../joining/make_words.tsx";
import { useRoot } from "../root_holder.ts";
import { OpenRoot } from "../staff/open_root.tsx";
import { Titled } from "./titled.tsx";
import { WhoWere } from "./who_were.tsx";

interface ComeBackProps {
  readonly agency: Agency;
  readonly session: Session;
}

export function ComeBack({ agency, session }: ComeBackProps) {
  const { keys, opened } = useApp();
  const [token, setToken] = useState<string | null>(null);
  const [door, setDoor] = useState<Door | null>(null);
  const [invited, setInvited] = useState<Invited | null>(null);
  const [as, setAs] = useState<Post | null>(null);
  const [isDone, setIsDone] = useState(false);
  const { keep, close } = useRoot();
  if (isDone) {
    // Locked meanwhile: the lock comes next.
    if (keys === null) return null;
    return (
      <Titled title="people.return.waiting">
        <Waiting />
      </Titled>
    );
  }
  if (token === null) {
    return (
      <Titled title="people.return">
        <TokenForm onToken={setToken} />
      </Titled>
    );
  }
  if (door === null || invited === null) {
    const open = (root: Root) => {
      keep(root);
      setDoor({ root, token });
    };
    return (
      <Titled title="people.return.root">
        {door === null ? (
          <OpenRoot id="return" expected={agency.root} onOpen={open} />
        ) : (
          <Invite door={door} session={session} onInvited={setInvited} />
        )}
      </Titled>
    );
  }
  if (as === null) {
    return (
      <Titled title="people.return.who">
        <WhoWere administrators={invited.administrators} onChosen={setAs} />
      </Titled>
    );
  }
  if (keys === null) {
    return (
      <Titled title="people.return.words">
        <div class="no-print">
          <Inset>{t("people.return.words.alone")}</Inset>
        </div>
        <MakeWords session={session} onKeys={opened} />
      </Titled>
    );
  }
  const finish = () => {
    close();
    setIsDone(true);
  };
  return (
    <Titled title="people.return">
      <Certify door={door} invited={invited} as={as} onDone={finish} />
    </Titled>
  );
}

function TokenForm({ onToken }: { readonly onToken: (token: string) => void }) {
  const [typed, setTyped] = useState("");
  const errors = useErrors();
  const check = useAction(async () => {
    const token = typed.trim();
    const refuse = (message: string) => errors.show([{ field: "token", message }]);
    if (token === "") {
      refuse(t("people.setup.token.empty"));
      return;
    }
    errors.show([]);
    try {
      await checkToken(token);
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 404)) throw error;
      refuse(t("people.setup.token.wrong"));
      return;
    }
    onToken(token);
  });
  return (
    <Form onSubmit={check.run}>
      <P>{t("people.return.text")}</P>
      <Inset>{t("people.return.need")}</Inset>
      <Input
        id="token"
        label={t("people.setup.token")}
        hint={t("people.setup.token.hint")}
        value={typed}
        onInput={setTyped}
        error={errors.of("token")}
        secret
      />
      <Trouble of={check.problem} again={check.run} />
      <Button type="submit" busy={check.busy}>
        {t("people.continue")}
      </Button>
    </Form>
  );
}

interface InviteProps {
  readonly door: Door;
  readonly session: Session;
  readonly onInvited: (invited: Invited) => void;
}

/** Keys that cannot be opened any more are left as they are: the new ones stand beside them. */
function Invite({ door, session, onInvited }: InviteProps) {
  const { keys, refreshSession } = useApp();
  const invite = useAction(async () => {
    const made = await inviteByRoot(door);
    if (keys === null && !session.new && (await renew(made.invitation))) await refreshSession();
    onInvited(made);
  });
  return <ByItself of={invite} />;
}

interface CertifyProps {
  readonly door: Door;
  readonly invited: Invited;
  readonly as: Post;
  readonly onDone: () => void;
}

function Certify({ door, invited, as, onDone }: CertifyProps) {
  const keys = useKeys();
  const certify = useAction(async () => {
    await comeBack(keys, door, invited.invitation, as);
    onDone();
  });
  return <ByItself of={certify} />;
}

/** There is nothing to do but wait; what fails can be tried again. */
function ByItself({ of: { run, problem } }: { readonly of: ReturnType<typeof useAction> }) {
  useEffect(() => run(), []);
  return problem === null ? <Status text={t("people.saving")} /> : <Trouble of={problem} again={run} />;
}

function Waiting() {
  const keys = useKeys();
  const { refreshSession, go } = useApp();
  const look = useCallback(async () => {
    const now = await refreshSession();
    if (now === null || now.certificates.length === 0) return;
    await pickUpCertificates(keys);
    go("/admin/staff", { replace: true });
  }, [keys]);
  useLooking(look, true, 3);
  return (
    <>
      <P>{t("people.return.signed")}</P>
      <ol class="govuk-list govuk-list--number">
        <li>{t("people.return.then.1")}</li>
        <li>{t("people.return.then.2")}</li>
        <li>{t("people.return.then.3")}</li>
      </ol>
      <Status text={t("people.setup.realm.waiting")} />
    </>
  );
}
