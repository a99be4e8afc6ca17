/**
 * The page's side of the worker: half a second of scrypt without a frozen page. Where a module
 * worker cannot start, the same code runs here.
 */

import { Refusal, SigningKey } from "../seal/index.ts";
import type { Answer, Result, Task } from "./slow_work.ts";

const SCRIPT = "/worker.js";

interface Pending {
  readonly task: Task;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Trusted Types, where a browser has them: the policy that admits the worker's script and nothing else. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}
declare global {
  var trustedTypes: TrustedTypes | undefined;
}

const pending = new Map<number, Pending>();
let worker: Worker | null | undefined;
let last = 0;

function run(task: Task): Promise<Result> {
  // Null is an answer: it could not start, and is not asked again.
  if (worker === undefined) worker = start();
  if (worker === null) return here(task);
  const id = (last += 1);
  const { promise, ...settle } = settling(task);
  pending.set(id, settle);
  worker.postMessage({ id, task });
  return promise;
}

function settling(task: Task): Pending & { readonly promise: Promise<Result> } {
  let resolve: Pending["resolve"] = () => undefined;
  let reject: Pending["reject"] = () => undefined;
  const promise = new Promise<Result>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { task, resolve, reject, promise };
}

async function here(task: Task): Promise<Result> {
  const { work } = await import("./slow_work.ts");
  return work(task);
}

function start(): Worker | null {
  try {
    const started = new Worker(scriptUrl(), { type: "module" });
    started.onmessage = ({ data }: MessageEvent<Answer>) => {
      const waiting = pending.get(data.id);
      pending.delete(data.id);
      if ("result" in data) waiting?.resolve(data.result);
      else waiting?.reject(new Refusal(data.refusal));
    };
    started.onerror = () => giveUp(started);
    return started;
  } catch {
    return null;
  }
}

/** A worker that cannot load: what it was given is done here, and so is everything after. */
function giveUp(broken: Worker): void {
  broken.terminate();
  worker = null;
  for (const [id, { task, resolve, reject }] of pending) {
    pending.delete(id);
    here(task).then(resolve, reject);
  }
}

function scriptUrl(): string {
  if (globalThis.trustedTypes === undefined) return SCRIPT;
  const policy = globalThis.trustedTypes.createPolicy("postern", {
    createScriptURL(url) {
      if (url === SCRIPT) return url;
      throw new TypeError("not the worker's script");
    },
  });
  return policy.createScriptURL(SCRIPT);
}

/** Wraps a copy of K under normalised words and the gate's output. */
export async function sealWrap(
  key: Uint8Array,
  words: string,
  gate: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  return (await run({ do: "seal-wrap", key, words, gate })).bytes;
}

/** `cannot-open` for other words. */
export async function openWrap(
  sealed: Uint8Array,
  words: string,
  gate: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  return (await run({ do: "open-wrap", sealed, words, gate })).bytes;
}

export async function sealRoot(
  seed: Uint8Array,
  first: string,
  second: string,
): Promise<Uint8Array<ArrayBuffer>> {
  return (await run({ do: "seal-root", seed, words: [first, second] })).bytes;
}

/** The root's seed. */
export async function openRoot(
  file: Uint8Array,
  first: string,
  second: string,
): Promise<Uint8Array<ArrayBuffer>> {
  return (await run({ do: "open-root", file, words: [first, second] })).bytes;
}

/** What both ends derive from a printed code. */
export interface CodeKeys {
  readonly locator: string;
  /** Its public half is the statement's `invite_key`. */
  readonly sign: SigningKey;
  rootTag(root: string): Promise<string>;
}

export async function codeKeys(code: string): Promise<CodeKeys> {
  const { bytes: seed, text: locator } = await run({ do: "invite", code });
  return {
    locator,
    sign: new SigningKey(seed),
    rootTag: async (root) => (await run({ do: "root-tag", locator, root })).text,
  };
}
