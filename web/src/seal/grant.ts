/** Grants: one letter key sealed to one grantee, naming the letter it opens. */

import { type Bytes, lines, utf8 } from "./bytes.ts";
import { open, recipientOf, requireStanzas, seal } from "./file.ts";
import { ensure } from "./refusal.ts";

/** What a grant opens and for whom. */
export interface GrantContext {
  readonly realm: string;
  /** Letter id, as hex; for a message its message id. */
  readonly letter: string;
  readonly rev: number;
  /** A membership id, `epoch:` and the epoch's statement id, or `archive`. */
  readonly grantee: string;
}

/** The grantee name of a review epoch. */
export const epochGrantee = (epochId: string): string => `epoch:${epochId}`;

const head = ({ realm, letter, rev, grantee }: GrantContext): string[] => [
  "postern-grant/1",
  realm,
  `${letter}/${rev}`,
  grantee,
];

/** Seals a letter's identity to a grantee's hybrid recipient. */
export async function sealGrant(
  where: GrantContext,
  letterIdentity: string,
  recipient: string,
): Promise<Bytes> {
  await recipientOf(letterIdentity, "x25519"); // refuses anything but a letter key
  return seal(utf8(`${[...head(where), letterIdentity].join("\n")}\n`), "hybrid", recipient);
}

/** What can be checked without the key: exactly one hybrid stanza. */
export function requireGrantForm(file: Uint8Array): void {
  requireStanzas(file, "hybrid");
}

/** Opens a grant and checks its five lines; returns the letter's identity. */
export async function openGrant(file: Uint8Array, identity: string, where: GrantContext): Promise<string> {
  const given = lines(await open(file, "hybrid", identity), 5);
  const letterIdentity = given.pop() as string;
  ensure(given.join("\n") === head(where).join("\n"), "other-grant");
  await recipientOf(letterIdentity, "x25519");
  return letterIdentity;
}
