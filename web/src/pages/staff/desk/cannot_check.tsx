/** A letter that cannot be checked here: why, in words, and no way to deliver it. */

import { CannotOpen, Missing, Untrusted } from "../../../acts/errors.ts";
import { ApiProblem } from "../../../api.ts";
import { useKeys } from "../../../app.tsx";
import { Problem, useLoad } from "../../../parts/load.tsx";
import { P, Warning } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { colleagues, leadsOf } from "./colleagues.ts";

interface CannotCheckProps {
  readonly problem: unknown;
  /** The letter's team, if it is known. */
  readonly team: string | null;
  readonly again: () => void;
}

const CHECKS = ["certificates", "submit", "file", "grant", "grant-lines", "key", "content", "parts"] as const;

export function CannotCheck({ problem, team, again }: CannotCheckProps) {
  if (problem instanceof Missing) return <NoKey team={team} />;
  if (problem instanceof CannotOpen || problem instanceof Untrusted) {
    const failed = problem instanceof CannotOpen ? problem.check : "";
    const check = CHECKS.find((each) => each === failed);
    return (
      <>
        <Warning>{t("desk.unverified")}</Warning>
        <P>{t(check === undefined ? "desk.check.history" : `desk.check.${check}`)}</P>
        <P>{t("desk.unverified.what", { code: problem.code })}</P>
      </>
    );
  }
  if (problem instanceof ApiProblem) {
    const { code, members } = problem;
    if (code === "held") return <Held by={members["held_by"]} />;
    if (code === "already-decided") return <P>{t("desk.second.blocked")}</P>;
    if (code === "not-open" || code === "not-found") return <P>{t("desk.notOpen")}</P>;
  }
  return <Problem of={problem} again={again} />;
}

/** Leads hold the team's keys and can give them. */
function NoKey({ team }: { readonly team: string | null }) {
  const keys = useKeys();
  const they = useLoad(() => colleagues(keys), [keys]);
  const leads = they.state === "here" && team !== null ? leadsOf(they.data.all, team) : [];
  return <Warning>{t("desk.noKey", { admin: leads.join(", ") || t("desk.aLead") })}</Warning>;
}

function Held({ by }: { readonly by: unknown }) {
  const keys = useKeys();
  const they = useLoad(() => colleagues(keys), [keys]);
  const all = they.state === "here" ? they.data.all : [];
  const name = all.find(({ staff }) => staff === by)?.name;
  return <P>{t("desk.held", { name: name ?? t("desk.colleague") })}</P>;
}
