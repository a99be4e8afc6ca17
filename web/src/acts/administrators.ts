/**
 * An administrator who lost everything comes back, and nobody needs to be there to certify them: the
 * operator lets them in with a token, and the agency's root, from paper, says who they are.
 */

import { post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { type Envelope, generateCode, idOf, Ledger, realmOf, requireLogged } from "../seal/index.ts";
import type { Root } from "./ceremony.ts";
import { seconds } from "./clock.ts";
import { type Colleague, colleaguesIn } from "./colleagues.ts";
import { enrol, type Invitation } from "./joining.ts";
import { codeKeys } from "./slow.ts";
import { certificate, type Post } from "./staffing.ts";
import { bodyOf, trusted } from "./statements.ts";

export { newPost, samePost } from "./staffing.ts";

/** Who may bring what the root signs. */
export interface Door {
  readonly root: Root;
  /** The operator's. */
  readonly token: string;
}

/** The code is used in this browser, within the hour or so that the custodians are there. */
const CODE_LIFE = 24 * 3600;

/** The root has invited an administrator. */
export interface Invited {
  /** Its code never leaves this browser. */
  readonly invitation: Invitation;
  /** Who is one now, verified from the root: whoever comes back stays the person they were. */
  readonly administrators: readonly Colleague[];
}

/** What is signed once, so that asking again after a lost answer sends the same. */
const offered = new WeakMap<Door, { readonly invitation: Invitation; readonly statement: Envelope }>();
const certified = new WeakMap<Invitation, Envelope>();

/** Has the root invite an administrator. Refuses (Untrusted) an agency that is not the root's. */
export async function inviteByRoot(door: Door): Promise<Invited> {
  const { invitation, statement } = offered.get(door) ?? (await offer(door));
  const path = "/api/agency/administrators/invites";
  const { everybody } = await post<Api.Invited>(path, { token: door.token, statement } satisfies Api.FromRoot);
  const all = trusted(() => colleaguesIn(fromRoot(door.root, everybody.proof), everybody));
  const administrators = all.filter(({ roles, isReplaced }) => roles.includes("administrator") && !isReplaced);
  return { invitation, administrators };
}

/** For somebody who has seen nothing of the log yet, or not in this browser. */
function fromRoot(root: Root, proof: Api.Proof): Ledger {
  const ledger = Ledger.fold(realmOf(root.public), proof);
  requireLogged(ledger, proof.log, { agency: "", log: { size: 0, root: "" } }, "");
  return ledger;
}

async function offer(door: Door): Promise<{ invitation: Invitation; statement: Envelope }> {
  const { root } = door;
  const keys = await codeKeys(generateCode());
  const statement = root.sign("invite", {
    invite: keys.locator,
    membership: "",
    arrangement: "",
    role: "administrator",
    card_hash: "",
    invite_key: keys.sign.public,
    root_tag: await keys.rootTag(root.public),
    until: seconds() + CODE_LIFE,
  });
  const common = { role: "administrator", membership: null, root: root.public };
  const made = { invitation: { ...common, keys, statement: idOf(statement) }, statement };
  offered.set(door, made);
  return made;
}

/**
 * Enrols these keys and has the root certify them. Refuses keys of another agency (Untrusted). They count
 * once the worker has verified that; who was certified before stays until they are removed.
 */
export async function comeBack(keys: Keys, door: Door, invitation: Invitation, as: Post): Promise<void> {
  const statement = certified.get(invitation) ?? (await certify(keys, door.root, invitation, as));
  certified.set(invitation, statement);
  await post<Api.Stored>("/api/agency/administrators", { token: door.token, statement } satisfies Api.FromRoot);
}

async function certify(keys: Keys, root: Root, invitation: Invitation, as: Post): Promise<Envelope> {
  await enrol(keys, invitation);
  // Signed again it is the same.
  const enrolled = bodyOf(await keys.enrol(invitation, invitation.keys.sign), "enrol");
  return root.sign("staff", certificate(enrolled, as));
}
