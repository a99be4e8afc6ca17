/** Sealing what somebody wrote: to the team, the archive, and whoever else is named; never more. */

import {
  base64,
  type Context,
  epochGrantee,
  hash,
  LETTER_SIZES,
  type Part,
  plainText,
  requirePlainText,
  Refusal,
  type SealedLetter,
  sealGrant,
  sealLetter,
  utf8,
} from "../seal/index.ts";
import type { TeamKey } from "./standing.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Something in the text cannot be sent: a character that would be invisible. */
export class CannotSend extends Error {
  override readonly name = "CannotSend";
}

/** Text as a part: its one Unicode spelling, without what would not be seen. */
export function textPart(written: string): Part {
  const plain = plainText(written);
  try {
    requirePlainText(plain);
  } catch (error) {
    throw error instanceof Refusal ? new CannotSend(error.code) : error;
  }
  return { type: "text/plain", bytes: utf8(plain) };
}

/** All text of some parts. */
export function textOf(parts: readonly Part[]): string {
  const texts = parts.filter(({ type }) => type === "text/plain");
  return texts.map(({ bytes }) => new TextDecoder().decode(bytes)).join("");
}

/** A sealed file's length, which is one of five. */
export function lengthOf(file: Uint8Array): (typeof LETTER_SIZES)[number] {
  const length = LETTER_SIZES.find((size) => size === file.length);
  if (length === undefined) throw new CannotSend("bad-length");
  return length;
}

/** A sealed letter with the grants that open it. */
export interface SealedWithGrants {
  readonly sealed: SealedLetter;
  readonly hash: string;
  readonly ciphertext: string;
  readonly epoch: Grant;
  readonly archive: Grant;
}

export interface Grant {
  readonly file: Bytes;
  readonly hash: string;
  readonly encoded: string;
}

/** Seals parts and grants their key to the team's epoch and the archive. */
export async function sealForTeam(
  context: Context,
  parts: readonly Part[],
  team: TeamKey,
): Promise<SealedWithGrants> {
  const sealed = await sealLetter(context, parts);
  return {
    sealed,
    hash: hash(sealed.file),
    ciphertext: base64(sealed.file),
    epoch: await grant(context, sealed, epochGrantee(team.statement), team.reviewKey),
    archive: await grant(context, sealed, "archive", team.archiveKey),
  };
}

/** Grants a letter's key to one more. */
export async function grant(
  { realm, letter, rev }: Context,
  { identity }: Pick<SealedLetter, "identity">,
  grantee: string,
  recipient: string,
): Promise<Grant> {
  const file = await sealGrant({ realm, letter, rev, grantee }, identity, recipient);
  return { file, hash: hash(file), encoded: base64(file) };
}
