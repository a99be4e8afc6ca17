/** T1, in short: the teams one is on, who else is, and how many letters wait. */

import { queue } from "../../../acts/checking.ts";
import { type Move, moves } from "../../../acts/moving.ts";
import { type Colleague, everybody, me, type Team as ATeam, teams } from "../../../acts/staffing.ts";
import { useKeys } from "../../../app.tsx";
import { ButtonLink, Link } from "../../../parts/button.tsx";
import { Load, useLoad } from "../../../parts/load.tsx";
import { Screen } from "../../../parts/screen.tsx";
import { H2, P, SummaryList } from "../../../parts/text.tsx";
import { dayYear, plural, t } from "../../../words.ts";
import { nameOf } from "./colleagues.ts";
import { rolesName } from "./roles.ts";

interface Mine {
  readonly team: ATeam;
  readonly people: readonly Colleague[];
  /** Letters on the desk; null for whoever checks none. */
  readonly waiting: number | null;
  /** Arrangements that other teams offer it. */
  readonly offers: readonly Offered[];
}

interface Offered extends Move {
  /** The name of the team that offers it. */
  readonly by: string;
}

const CHECKERS: readonly string[] = ["coordinator", "lead"];

export function Team() {
  const keys = useKeys();
  const mine = useLoad<Mine[]>(async () => {
    const [self, all, staff] = await Promise.all([me(keys), teams(), everybody(keys)]);
    const isChecker = self?.roles.some((role) => CHECKERS.includes(role)) ?? false;
    const letters = isChecker ? await queue() : null;
    const own = all.filter(({ team }) => self?.teams.includes(team));
    const offered = (self?.roles.includes("lead") ?? false) ? await moves() : [];
    const name = (id: string) => all.find(({ team }) => team === id)?.name ?? "";
    return own.map((team) => ({
      team,
      people: staff.filter((each) => each.teams.includes(team.team)),
      waiting: letters?.filter((each) => each.team === team.team).length ?? null,
      offers: offered.filter(({ to }) => to === team.team).map((move) => ({ ...move, by: name(move.from) })),
    }));
  }, []);
  return (
    <Screen title={t("people.team")}>
      <Load of={mine}>
        {(found) =>
          found.length === 0 ? (
            <P>{t("people.team.none")}</P>
          ) : (
            found.map((each) => <One of={each} key={each.team.team} />)
          )
        }
      </Load>
    </Screen>
  );
}

function One({ of: { team, people, waiting: letters, offers } }: { readonly of: Mine }) {
  return (
    <>
      <H2>{team.name}</H2>
      {letters === null ? null : <P>{plural("people.team.letters", letters)}</P>}
      {offers.map(({ statement, by, offered_at: at }) => (
        <P key={statement}>
          <Link to={`/team/moves/${statement}`}>{t("people.take.offered", { team: by, day: dayYear(at) })}</Link>
        </P>
      ))}
      <SummaryList rows={people.map((each) => ({ key: nameOf(each), value: rolesName(each.roles) }))} />
      {team.epoch === null || team.epoch === undefined ? <P>{t("people.team.noKey")}</P> : null}
      <ButtonLink to="/team/key" secondary>
        {t("people.key")}
      </ButtonLink>
    </>
  );
}
