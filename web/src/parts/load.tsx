/** Waiting for something, doing something, and what is said when it does not work. */

import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiProblem, Offline } from "../api.ts";
import { useApp } from "../app.tsx";
import { settle } from "../place.ts";
import { rich, t, tKnown } from "../words.ts";
import { Button } from "./button.tsx";

const QUIET = 400;
const SLOW = 8_000;

export type Loading<T> =
  | { readonly state: "waiting" }
  | { readonly state: "here"; readonly data: T }
  | { readonly state: "failed"; readonly error: unknown };

export type Load<T> = Loading<T> & { readonly again: () => void };

/** Runs `load` when the page comes, whenever one of `deps` changes, and when the network is back. */
export function useLoad<T>(load: () => Promise<T>, deps: readonly unknown[]): Load<T> {
  const [loading, setLoading] = useState<Loading<T>>({ state: "waiting" });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isWanted = true;
    const tell = (next: Loading<T>) => {
      if (isWanted) setLoading(next);
    };
    tell({ state: "waiting" });
    load().then(
      (data) => tell({ state: "here", data }),
      (error: unknown) => tell({ state: "failed", error }),
    );
    return () => {
      isWanted = false;
    };
  }, [...deps, turn]);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  const isOffline = loading.state === "failed" && loading.error instanceof Offline;
  useEffect(() => {
    if (!isOffline) return undefined;
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, [isOffline, again]);
  return { ...loading, again };
}

interface LoadProps<T> {
  readonly of: Load<T>;
  readonly children: (data: T) => ComponentChildren;
  /** Said instead of “Opening…”. */
  readonly waiting?: string;
}

/** What was loaded, or the words for waiting and for what went wrong. */
export function Load<T>({ of: load, children, waiting }: LoadProps<T>) {
  useEffect(() => {
    if (load.state === "here") settle();
  }, [load.state]);
  switch (load.state) {
    case "waiting":
      return <Waiting text={waiting ?? t("common.opening")} />;
    case "here":
      return <>{children(load.data)}</>;
    case "failed":
      return <Problem of={load.error} again={load.again} />;
  }
}

/** Nothing for 400 ms, then `text`; after 8 seconds it admits that it is slow. */
export function Waiting({ text }: { readonly text: string }) {
  const [stage, setStage] = useState(0);
  useEffect(() => {
    const timers = [setTimeout(() => setStage(1), QUIET), setTimeout(() => setStage(2), SLOW)];
    return () => timers.forEach(clearTimeout);
  }, []);
  return (
    <p class="govuk-body p-waiting" role="status">
      {["", text, t("common.slow")][stage]}
    </p>
  );
}

/** What a person reads when something did not work; nothing when nothing did. */
export function Problem({ of: error, again }: { readonly of: unknown; readonly again?: () => void }) {
  if (error === null || error === undefined) return null;
  return (
    <div class="p-problem" role="alert">
      <Explained error={error} again={again} />
    </div>
  );
}

function Explained({ error, again }: { readonly error: unknown; readonly again: (() => void) | undefined }) {
  const { phone, site } = useApp();
  const retry =
    again === undefined ? null : (
      <Button kind="secondary" onClick={again}>
        {t("common.again")}
      </Button>
    );
  if (error instanceof Offline) {
    return (
      <>
        <p class="govuk-body">{t(site === "family" ? "common.offline" : "common.offline.staff")}</p>
        {retry}
      </>
    );
  }
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 403)) {
    return <p class="govuk-body">{t("common.hidden")}</p>;
  }
  if (error instanceof ApiProblem && error.status === 401) {
    return <p class="govuk-body">{t("common.signedOut")}</p>;
  }
  // What is enough for now: nothing is wrong, and trying again at once is no help.
  const over = error instanceof ApiProblem ? tKnown(`common.over.${error.code}`) : undefined;
  if (over) return <p class="govuk-body">{over}</p>;
  const bold = { b: (text: string) => <strong>{text}</strong> };
  return (
    <>
      <p class="govuk-body">{phone === "" ? t("common.system") : rich("common.system.call", bold, { phone })}</p>
      {retry}
    </>
  );
}

export interface Action {
  readonly run: () => void;
  readonly busy: boolean;
  /** What went wrong the last time; null when nothing did. */
  readonly problem: unknown;
}

/** Something a button starts. It cannot be started twice at once. */
export function useAction(act: () => Promise<void>): Action {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const underWay = useRef(false);
  const newest = useRef(act);
  newest.current = act;
  const run = useCallback(() => {
    if (underWay.current) return;
    underWay.current = true;
    setBusy(true);
    setProblem(null);
    newest
      .current()
      .catch((error: unknown) => setProblem(error))
      .finally(() => {
        underWay.current = false;
        setBusy(false);
      });
  }, []);
  return { run, busy, problem };
}
