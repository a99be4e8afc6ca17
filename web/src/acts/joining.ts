/** Joining with the code from a printed sheet, and picking up the certificate afterwards. */

import type { Keys } from "../keys.ts";
import type { InviteKeys } from "../seal/index.ts";

/** An invitation that was found, and whose agency the typed code itself authenticated. */
export interface Invitation {
  readonly keys: InviteKeys;
  /** Its statement. */
  readonly statement: string;
  /** A family role such as `birth-parent`, or a staff role. */
  readonly role: string;
  /** Null for staff. */
  readonly membership: string | null;
  readonly arrangement: string | null;
  /** The agency's root key, hex. */
  readonly root: string;
  readonly expiresAt: string;
}

/** Enrolled, not yet certified. */
export interface Waiting {
  /** What the person reads out to the worker who rings: eight digits. */
  readonly digits: string;
  /** Null for staff. */
  readonly membership: string | null;
  readonly arrangement: string | null;
  readonly role: string;
}

/** The 12 characters of a typed code, or null. */
export function readCode(_typed: string): string | null { throw new Error("soon"); }
/** Throws ApiProblem 404 (unknown) or 410 (used or run out). Half a second of work, off the page. */
export function lookUp(_code: string): Promise<Invitation> { throw new Error("soon"); }
export function enrol(_keys: Keys, _invitation: Invitation): Promise<void> { throw new Error("soon"); }
export function waiting(_keys: Keys): Promise<Waiting[]> { throw new Error("soon"); }
/** True when there was a new one. */
export function pickUpCertificates(_keys: Keys): Promise<boolean> { throw new Error("soon"); }
