/** The shell of both sites: who is there, which page is shown, in which language; lock and Exit. */

import { createContext, render } from "preact";
import { useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import * as sessions from "./acts/session.ts";
import type { Agency, Session } from "./acts/session.ts";
import { onRestricted, onSignedOut } from "./api.ts";
import { leave, neverComeBackOpen, onThreeShifts } from "./exit.ts";
import { guard, type Place, type Site } from "./guard.ts";
import { Idle } from "./idle.tsx";
import type { Keys } from "./keys.ts";
import { putAway } from "./leaving.ts";
import { Frame } from "./parts/frame.tsx";
import { Problem, Waiting } from "./parts/load.tsx";
import * as place from "./place.ts";
import type { Page, Route } from "./route.ts";
import * as store from "./store.ts";
import { LANGS, speak, speaks, t, type Lang } from "./words.ts";

export interface App {
  readonly site: Site["name"];
  readonly lang: Lang;
  /** Null before it is set up. */
  readonly agency: Agency | null;
  /** Where people ring the agency; empty while it has no number to show. */
  readonly phone: string;
  /** Null: nobody is signed in. */
  readonly session: Session | null;
  /** Null: the letterbox is locked. */
  readonly keys: Keys | null;
  readonly path: string;
  /** Why somebody is at the lock or the door who was further in. */
  readonly notice: "locked" | "signedOut" | null;
  go(path: string, how?: { readonly replace?: boolean }): void;
  /** The letterbox was opened, by words or otherwise. */
  opened(keys: Keys): Promise<void>;
  lock(): void;
  refreshSession(): Promise<Session | null>;
  refreshAgency(): Promise<Agency | null>;
  signOut(everywhere?: boolean): Promise<void>;
  setLang(lang: Lang): void;
  /** The page about Exit was read. */
  understood(): void;
  exit(): void;
}

const Context = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(Context);
  if (app === null) throw new Error("outside the app");
  return app;
}

/** The keys of an open letterbox: for pages whose route needs them. */
export function useKeys(): Keys {
  const { keys } = useApp();
  if (keys === null) throw new Error("the letterbox is locked");
  return keys;
}

/** Puts the site on the page, in place of the words that were served with it. */
export function start(site: Site): void {
  const root = document.getElementById("app");
  if (root === null) throw new Error("no place for the app");
  neverComeBackOpen();
  root.replaceChildren();
  render(<Root site={site} />, root);
}

function firstLang(): Lang {
  const kept = store.keptLang();
  const asked = kept ?? navigator.language.slice(0, 2);
  return LANGS.find((each) => each === asked) ?? "en";
}

/** An agency's own rules travel as open JSON; what is no text is no number to ring. */
function phoneOf(agency: Agency | null): string {
  const phone = agency?.policy["phone"];
  return typeof phone === "string" ? phone : "";
}

interface Who {
  readonly agency: Agency | null;
  readonly session: Session | null;
}

interface Shown {
  readonly place: Place;
  readonly page: Page;
  readonly path: string;
}

function Root({ site }: { readonly site: Site }) {
  const [lang, setLang] = useState(firstLang);
  const [who, setWho] = useState<Who | null>(null);
  const [keys, setKeys] = useState<Keys | null>(null);
  const [path, setPath] = useState(location.pathname);
  const [notice, setNotice] = useState<App["notice"]>(null);
  const [knowsExit, setKnowsExit] = useState(() => store.safetySeen());
  const [failure, setFailure] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);

  useEffect(() => place.listen(() => setPath(location.pathname)), []);

  // Who is there is asked once; later answers come through the app's own acts.
  useEffect(() => {
    setFailure(null);
    Promise.all([sessions.agency(), sessions.currentSession()]).then(
      ([agency, session]) => setWho({ agency, session }),
      setFailure,
    );
  }, [turn]);

  const know = useCallback((news: Partial<Who>) => setWho((now) => now && { ...now, ...news }), []);

  const open = useRef<Keys | null>(null);
  open.current = keys;

  const lockFor = useCallback((why: App["notice"], signedOut: boolean) => {
    const held = open.current;
    // Several requests may hear that the session is over: the first says what for.
    setNotice((now) => why ?? now);
    // What is on screen goes first; unsaved writing is sealed before its key is forgotten.
    setKeys(null);
    if (signedOut) know({ session: null });
    void putAway().then(() => held?.wipe());
  }, []);

  useEffect(() => {
    onSignedOut(() => lockFor(open.current === null ? null : "signedOut", true));
    onRestricted(() => lockFor("locked", false));
  }, [lockFor]);

  const lock = useCallback(() => lockFor("locked", false), [lockFor]);

  const exit = useCallback(() => {
    const held = open.current;
    void leave(async () => {
      // Started before the wait: the session ends even if the phone is put away at once.
      sessions.signOut().catch(() => undefined);
      await putAway();
      held?.wipe();
    });
  }, []);

  const app = useMemo<App>(() => {
    const go: App["go"] = (to, { replace = false } = {}) => {
      place.push(to, replace);
      setNotice(null);
      setPath(location.pathname);
    };
    return {
      site: site.name,
      lang,
      agency: who?.agency ?? null,
      phone: phoneOf(who?.agency ?? null),
      session: who?.session ?? null,
      keys,
      path,
      notice,
      go,
      async opened(fresh) {
        // The protocol comes with it: not before somebody has keys.
        const { pickUpCertificates } = await import("./acts/joining.ts");
        await pickUpCertificates(fresh);
        const session = await sessions.currentSession();
        know({ session });
        setNotice(null);
        setKeys(fresh);
      },
      lock,
      async refreshSession() {
        const session = await sessions.currentSession();
        know({ session });
        return session;
      },
      async refreshAgency() {
        const agency = await sessions.agency();
        know({ agency });
        return agency;
      },
      async signOut(everywhere = false) {
        await putAway();
        await sessions.signOut(everywhere);
        open.current?.wipe();
        setKeys(null);
        know({ session: null });
        go("/goodbye", { replace: true });
      },
      setLang(wanted) {
        store.keepLang(wanted);
        setLang(wanted);
      },
      understood() {
        store.keepSafetySeen();
        setKnowsExit(true);
      },
      exit,
    };
  }, [site, lang, who, keys, path, notice, lock, exit]);

  useEffect(() => (site.name === "family" && knowsExit ? onThreeShifts(exit) : undefined), [site, knowsExit, exit]);

  const wanted = who && guard(site, path, { session: who.session, isOpen: keys !== null, knowsExit });
  const shown = useShown(site, wanted, path, lang, setFailure);
  if (shown === null || wanted === null) {
    return <Cold failure={failure} again={() => setTurn((n) => n + 1)} app={app} site={site} />;
  }
  // An old page may stay while the next is fetched, but never one whose keys are gone.
  const mayStay = shown.place.route.needs !== "keys" || keys !== null;
  const Page = shown.page;
  const hasExit = site.name === "family" && knowsExit && shown.place.route !== site.door;
  return (
    <Context.Provider value={app}>
      <Frame site={site} hasExit={hasExit}>
        {mayStay ? <Page key={`${shown.place.route.path} ${shown.path}`} params={shown.place.params} /> : null}
        {failure === null ? null : <Problem of={failure} again={() => location.reload()} />}
      </Frame>
      {keys === null ? null : <Idle lock={lock} />}
    </Context.Provider>
  );
}

/** Pages that were fetched once: they come without a wait. */
const fetched = new Map<Route, Page>();

/** Fetches the wanted page and its words; what it returns is ready to be shown. */
function useShown(
  site: Site,
  wanted: Place | null,
  path: string,
  lang: Lang,
  failed: (error: unknown) => void,
): Shown | null {
  const [, setReady] = useState<Place | null>(null);
  const shown = useRef<Shown | null>(null);
  const route = wanted?.route;
  const page = route && speaks(lang, route.words) ? fetched.get(route) : undefined;
  if (wanted !== null && page !== undefined && (page !== shown.current?.page || path !== shown.current.path)) {
    shown.current = { place: wanted, page, path };
  }
  // In the very task of the press: an effect would wait for a frame that shows nothing new.
  useLayoutEffect(() => {
    if (page !== undefined) failed(null);
    if (route === undefined || page !== undefined) return undefined;
    let isWanted = true;
    Promise.all([route.load(), speak(site.words, lang, ["common", ...route.words])]).then(
      ([page]) => {
        if (!isWanted) return;
        fetched.set(route, page);
        document.documentElement.lang = lang === "cy" ? "cy" : "en-GB";
        failed(null);
        setReady(wanted);
      },
      (error: unknown) => isWanted && failed(error),
    );
    return () => {
      isWanted = false;
    };
  }, [route, path, lang]);
  return shown.current;
}

/** Before anything is known: nothing, then words, then what went wrong. */
function Cold(props: {
  readonly failure: unknown;
  readonly again: () => void;
  readonly app: App;
  readonly site: Site;
}) {
  const [canSpeak, setCanSpeak] = useState(false);
  useEffect(() => {
    speak(props.site.words, props.app.lang, ["common"]).then(
      () => setCanSpeak(true),
      () => undefined,
    );
  }, []);
  if (!canSpeak) return null;
  return (
    <Context.Provider value={props.app}>
      <Frame site={props.site} hasExit={false}>
        <main class="govuk-main-wrapper" id="main">
          {props.failure === null ? (
            <Waiting text={t("common.opening")} />
          ) : (
            <Problem of={props.failure} again={props.again} />
          )}
        </main>
      </Frame>
    </Context.Provider>
  );
}
