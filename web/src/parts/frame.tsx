/** The frame around every page: skip link, Exit, service name, language, help. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../app.tsx";
import type { Site } from "../guard.ts";
import { t, type Lang } from "../words.ts";
import { Link } from "./button.tsx";

const OTHER: Readonly<Record<Lang, { readonly lang: Lang; readonly name: string }>> = {
  en: { lang: "cy", name: "Cymraeg" },
  cy: { lang: "en", name: "English" },
};

interface FrameProps {
  readonly site: Site;
  readonly hasExit: boolean;
  readonly children: ComponentChildren;
}

export function Frame({ site, hasExit, children }: FrameProps) {
  const { keys, session, exit, signOut } = useApp();
  const isFamily = site.name === "family";
  return (
    <div class={`p-page p-page--${site.name}`}>
      <a href="#main" class="govuk-skip-link" onClick={skip}>
        {t("common.skip")}
      </a>
      <header class="p-top no-print">
        {hasExit ? <ExitLink exit={exit} /> : null}
        <span class="p-top__name">{t("common.service")}</span>
        {keys === null ? null : (
          <nav class="p-top__nav" aria-label={t("common.nav")}>
            {site.nav.map(({ to, key }) => (
              <Link to={to} class="govuk-link govuk-link--no-visited-state" key={to}>
                {t(key)}
              </Link>
            ))}
          </nav>
        )}
        <Language />
      </header>
      {hasExit ? (
        <div class="p-exit no-print">
          <button class="govuk-button govuk-button--warning" type="button" onClick={exit}>
            {t("common.exit")}
          </button>
        </div>
      ) : null}
      <Connection isFamily={isFamily} />
      {children}
      <footer class="p-foot no-print">
        {isFamily ? <Link to="/help">{t("common.help")}</Link> : null}
        {session === null ? null : (
          <button class="p-link" type="button" onClick={() => void signOut()}>
            {t("common.signOut")}
          </button>
        )}
      </footer>
    </div>
  );
}

/** The first thing a keyboard or a screen reader reaches: leaving, without looking for it. */
function ExitLink({ exit }: { readonly exit: () => void }) {
  const leave = (event: MouseEvent) => {
    event.preventDefault();
    exit();
  };
  return (
    <a href="https://www.bbc.co.uk/weather" class="govuk-skip-link" rel="nofollow noreferrer" onClick={leave}>
      {t("common.exit")}
    </a>
  );
}

function Language() {
  const { lang, setLang } = useApp();
  const other = OTHER[lang];
  return (
    <button class="p-link p-top__lang" type="button" lang={other.lang} onClick={() => setLang(other.lang)}>
      {other.name}
    </button>
  );
}

/** Says when the connection goes and when it is back. */
function Connection({ isFamily }: { readonly isFamily: boolean }) {
  const [isOnline, setIsOnline] = useState(navigator.onLine);
  const [wasOffline, setWasOffline] = useState(false);
  useEffect(() => {
    const changed = () => {
      setIsOnline(navigator.onLine);
      setWasOffline((was) => was || !navigator.onLine);
    };
    addEventListener("online", changed);
    addEventListener("offline", changed);
    return () => {
      removeEventListener("online", changed);
      removeEventListener("offline", changed);
    };
  }, []);
  const offline = t(isFamily ? "common.offline" : "common.offline.staff");
  return (
    <div class="p-connection no-print" role="status">
      {isOnline ? (wasOffline ? t("common.online") : "") : offline}
    </div>
  );
}

function skip(event: MouseEvent): void {
  event.preventDefault();
  const heading = document.querySelector("h1");
  if (heading instanceof HTMLElement) heading.focus();
}
