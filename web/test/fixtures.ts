/** What tests share: the vector files, and identities made once. */

import { readdirSync, readFileSync } from "node:fs";
import { generate, recipientOf } from "../src/seal/file.ts";

/** `npm test` runs in web/. */
const VECTORS = "../tests/vectors";

export function vectorFile(path: string): Buffer {
  return readFileSync(`${VECTORS}/${path}`);
}

export function vectorNames(folder: string): string[] {
  return readdirSync(`${VECTORS}/${folder}`).sort();
}

/** The entries of one of our own vector files; both implementations write the same schema. */
export function ownVectors<T>(side: "rust" | "typescript", name: string): T[] {
  return JSON.parse(vectorFile(`postern/${side}/${name}.json`).toString()) as T[];
}

export async function pair(kind: "x25519" | "hybrid"): Promise<{ identity: string; recipient: string }> {
  const identity = await generate(kind);
  return { identity, recipient: await recipientOf(identity, kind) };
}

/** What `assert.throws` and `assert.rejects` match a refusal against. */
export const refusal = (code: string) => ({ name: "Refusal", code });
