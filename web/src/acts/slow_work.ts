/** The work that takes half a second of scrypt: done by the worker, or by the page where there is none. */

import {
  inviteKeys,
  type InviteKeys,
  openRoot,
  openWrap,
  Refusal,
  sealRoot,
  sealWrap,
  SigningKey,
} from "../seal/index.ts";

/** Normalised words, and the gate's output for them. */
interface Hardened {
  readonly words: string;
  readonly gate: Uint8Array;
}

export type Task =
  | ({ readonly do: "seal-wrap"; readonly key: Uint8Array } & Hardened)
  | ({ readonly do: "open-wrap"; readonly sealed: Uint8Array } & Hardened)
  | { readonly do: "seal-root"; readonly seed: Uint8Array; readonly words: readonly [string, string] }
  | { readonly do: "open-root"; readonly file: Uint8Array; readonly words: readonly [string, string] }
  | { readonly do: "invite"; readonly code: string }
  | { readonly do: "root-tag"; readonly locator: string; readonly root: string };

/** Bytes, or for an invitation its locator and tag. */
export interface Result {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly text: string;
}

export type Answer =
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly refusal: string };

/** A root's tag is asked for after the look-up, and must not cost scrypt again. */
const invites = new Map<string, InviteKeys>();

export async function work(task: Task): Promise<Result> {
  switch (task.do) {
    case "seal-wrap":
      return bytes(await sealWrap(task.key, task.words, task.gate));
    case "open-wrap":
      return bytes(await openWrap(task.sealed, task.words, task.gate));
    case "seal-root":
      return bytes(await sealRoot(new SigningKey(task.seed), ...task.words));
    case "open-root":
      return bytes(new Uint8Array((await openRoot(task.file, ...task.words)).seed));
    case "invite": {
      const keys = await inviteKeys(task.code);
      invites.set(keys.locator, keys);
      return { bytes: new Uint8Array(keys.sign.seed), text: keys.locator };
    }
    case "root-tag": {
      const keys = invites.get(task.locator);
      if (keys === undefined) throw new Refusal("defect");
      return { bytes: new Uint8Array(), text: keys.rootTag(task.root) };
    }
  }
}

function bytes(done: Uint8Array<ArrayBuffer>): Result {
  return { bytes: done, text: "" };
}
