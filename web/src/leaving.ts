/** What must be put away before the keys are: writing that is not yet saved. */

type Flush = () => Promise<unknown>;

const flushes = new Set<Flush>();

/** Longest that locking waits for a phone's own storage. */
const PATIENCE = 1_000;

/** Has `flush` run before the letterbox is locked; returns how to take that back. */
export function beforeLock(flush: Flush): () => void {
  flushes.add(flush);
  return () => flushes.delete(flush);
}

/** Runs everything that was registered, and waits a moment for it. Never fails. */
export async function putAway(): Promise<void> {
  const done = Promise.allSettled([...flushes].map((flush) => flush()));
  await Promise.race([done, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}
