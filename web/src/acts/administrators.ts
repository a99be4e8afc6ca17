/**
 * An administrator who lost everything comes back, and nobody needs to be there to certify them: the
 * operator lets them in with a token, and the agency's root, from paper, says who they are.
 */

import { post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import { type Envelope, generateCode, idOf, newId } from "../seal/index.ts";
import type { Root } from "./ceremony.ts";
import { seconds } from "./clock.ts";
import { enrol, type Invitation } from "./joining.ts";
import { codeKeys } from "./slow.ts";
import { bodyOf } from "./statements.ts";

/** Who may bring what the root signs. */
export interface Door {
  readonly root: Root;
  /** The operator's. */
  readonly token: string;
}

/** The code is used in this browser, within the hour or so that the custodians are there. */
const CODE_LIFE = 24 * 3600;

/** What is signed once, so that asking again after a lost answer sends the same. */
const offered = new WeakMap<Door, { readonly invitation: Invitation; readonly statement: Envelope }>();
const certified = new WeakMap<Invitation, Envelope>();

/** The root's invitation of an administrator: its code never leaves this browser. */
export async function inviteByRoot(door: Door): Promise<Invitation> {
  const { invitation, statement } = offered.get(door) ?? (await offer(door));
  await bring("/api/agency/administrators/invites", door, statement);
  return invitation;
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
export async function comeBack(keys: Keys, door: Door, invitation: Invitation): Promise<void> {
  const statement = certified.get(invitation) ?? (await certify(keys, door.root, invitation));
  certified.set(invitation, statement);
  await bring("/api/agency/administrators", door, statement);
}

async function certify(keys: Keys, root: Root, invitation: Invitation): Promise<Envelope> {
  await enrol(keys, invitation);
  // Signed again it is the same.
  const { id, body } = bodyOf(await keys.enrol(invitation, invitation.keys.sign), "enrol");
  return root.sign("staff", {
    staff: newId(),
    person: newId(),
    enrol_id: id,
    sign_key: body.sign_key,
    seal_key: body.seal_key,
    roles: ["administrator"],
    teams: [],
    from: seconds(),
    until: 0,
    prior: "",
  });
}

async function bring(path: string, { token }: Door, statement: Envelope): Promise<void> {
  await post<Api.Stored>(path, { token, statement } satisfies Api.FromRoot);
}
