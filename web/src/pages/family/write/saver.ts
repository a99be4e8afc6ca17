/** When a draft is saved: 3 seconds after a pause, and every 15 seconds while there is none. */

const PAUSE = 3_000;
const EVERY = 15_000;

export interface Saver {
  /** Something was written, or is not yet where it should be. */
  typed(): void;
  /** Saves now whatever is not saved yet. */
  flush(): Promise<void>;
  /** No more saving by itself. */
  stop(): void;
}

/** `save` is never run twice at once; when it throws, it is tried again. */
export function saver(save: () => Promise<void>): Saver {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unsavedSince: number | null = null;
  let lastSave = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | null = null;
  let isStopped = false;

  const run = (): Promise<void> => {
    clearTimeout(timer);
    if (running !== null) return running.then(() => (unsavedSince === null ? undefined : run()));
    const since = unsavedSince;
    if (since === null) return Promise.resolve();
    unsavedSince = null;
    lastSave = Date.now();
    running = save()
      .catch(() => {
        unsavedSince ??= since;
        schedule();
      })
      .finally(() => {
        running = null;
      });
    return running;
  };

  const schedule = (): void => {
    clearTimeout(timer);
    if (isStopped) return;
    const now = Date.now();
    const due = Math.max(lastSave + EVERY, Math.min(now + PAUSE, (unsavedSince ?? now) + EVERY));
    timer = setTimeout(() => void run(), due - now);
  };

  return {
    typed() {
      unsavedSince ??= Date.now();
      schedule();
    },
    flush: run,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
