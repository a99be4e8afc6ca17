/**
 * The agency's first set-up, in the first administrator's browser: the root is made here, printed
 * for its two custodians, and never sent anywhere.
 */

import { ApiProblem, get, post } from "../api.ts";
import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import {
  type Envelope,
  type Fields,
  generate,
  generateCode,
  idOf,
  type Kind,
  newBundle,
  newId,
  realmOf,
  recipientOf,
  Refusal,
  sign,
  SigningKey,
} from "../seal/index.ts";
import { normaliseWords } from "../seal/wrap.ts";
import { seconds } from "./clock.ts";
import { Untrusted, WrongWords } from "./errors.ts";
import { agency } from "./session.ts";
import { codeKeys, openRoot, sealRoot } from "./slow.ts";
import { bodyOf } from "./statements.ts";

export { WrongWords } from "./errors.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** The agency's opened root: it signs on request, and is let go of with `close`. */
export class Root {
  readonly public: string;
  #key: SigningKey | null;

  constructor(key: SigningKey) {
    this.public = key.public;
    this.#key = key;
  }

  sign<K extends Kind>(kind: K, fields: Fields<K>): Envelope {
    if (this.#key === null) throw new WrongWords("the root is closed");
    return sign(kind, realmOf(this.public), "", fields, this.#key);
  }

  /** The root under both custodians' words. */
  seal(first: string, second: string): Promise<Bytes> {
    if (this.#key === null) throw new WrongWords("the root is closed");
    return sealRoot(this.#key.seed, first, second);
  }

  close(): void {
    this.#key?.seed.fill(0);
    this.#key = null;
  }
}

/** What the ceremony leaves on paper. */
export interface Founding {
  /** What the operator pins in the worker's and the notifier's configuration. */
  readonly realm: string;
  /** The root under both custodians' words: to be saved and printed. */
  readonly rootFile: Bytes;
  readonly custodians: readonly [readonly string[], readonly string[]];
  /** The archive's identity: to the records office, and nowhere else. */
  readonly archive: string;
}

/** Everything made, nothing sent: to be printed first, and then founded with. */
export interface Prepared extends Founding {
  readonly root: Root;
}

/** What is signed once, so that asking again after a lost answer sends the same. */
const signed = new WeakMap<Prepared, readonly Envelope[]>();

const bearing = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** Whether the operator's one-time token is good; ApiProblem 404 if not. */
export async function checkToken(token: string): Promise<void> {
  await get<Api.Setup>("/api/agency/setup", bearing(token));
}

/** Makes root, archive and both custodians' words. About half a second of work, off the page. */
export async function prepareFounding(): Promise<Prepared> {
  const { generateWords } = await import("../seal/words.ts");
  const root = new Root(SigningKey.generate());
  const custodians = [generateWords(6), generateWords(6)] as const;
  const [first, second] = custodians;
  const rootFile = await root.seal(first.join(" "), second.join(" "));
  return { realm: realmOf(root.public), rootFile, custodians, archive: await generate("hybrid"), root };
}

/** Founds the agency; this person is its first administrator. Needs keys on the staff site. */
export async function found(keys: Keys, prepared: Prepared, token: string, name: string): Promise<void> {
  const setup = await get<Api.Setup>("/api/agency/setup", bearing(token));
  const statements = signed.get(prepared) ?? (await signAll(keys, prepared, setup));
  signed.set(prepared, statements);
  const body: Api.NewAgency = { token, name, root: prepared.root.public, statements };
  try {
    await post<Api.CreatedAgency>("/api/agency", body);
  } catch (error) {
    // Founded already: by this very root, and the answer was lost?
    const isThere = error instanceof ApiProblem && error.status === 409;
    if (!isThere || (await agency())?.realm !== prepared.realm) throw error;
  }
}

/**
 * Forgets an agency that was being founded and never came to be: its root is lost with the page
 * that made it. Not once somebody holds a place or a post.
 */
async function abandonFounding(keys: Keys): Promise<void> {
  await keys.keep((bundle) => {
    if (bundle.memberships.length > 0) throw new Untrusted("wrong-realm");
    if (bundle.root === "") return bundle;
    return { ...newBundle(bundle.account), version: bundle.version };
  });
}

/** `agency`, `invite`, `enrol` and `staff`: the same road as everybody after. */
async function signAll(
  keys: Keys,
  { root, archive }: Prepared,
  setup: Api.Setup,
): Promise<readonly Envelope[]> {
  // A founding that broke off has left a root that nobody has any more.
  if (keys.hasJoined) await abandonFounding(keys);
  const from = seconds();
  const first = root.sign("agency", {
    n: 1,
    prev: "",
    log_key: setup.log_key,
    notifier_key: setup.notifier_key,
    archive_key: await recipientOf(archive, "hybrid"),
    from,
  });
  const code = await codeKeys(generateCode());
  const invite = root.sign("invite", {
    invite: code.locator,
    membership: "",
    arrangement: "",
    role: "administrator",
    card_hash: "",
    invite_key: code.sign.public,
    root_tag: await code.rootTag(root.public),
    until: 0,
  });
  const enrol = await keys.enrol(
    { statement: idOf(invite), root: root.public, membership: null },
    code.sign,
  );
  const { id, body } = bodyOf(enrol, "enrol");
  const staff = newId();
  const certificate = root.sign("staff", {
    staff,
    person: newId(),
    enrol_id: id,
    sign_key: body.sign_key,
    seal_key: body.seal_key,
    roles: ["administrator"],
    teams: [],
    from,
    until: 0,
    prior: "",
  });
  // Sealed away before anything is sent, so that a lost answer loses nothing.
  await keys.certified([{ id: staff, certificate: idOf(certificate), signKey: body.sign_key }]);
  return [first, invite, enrol, certificate];
}

/** Throws WrongWords, also for a file that is no root file. */
export async function openRootFile(file: Uint8Array, first: string, second: string): Promise<Root> {
  if (normaliseWords(first) === "" || normaliseWords(second) === "") throw new WrongWords();
  try {
    return new Root(new SigningKey(await openRoot(file, first, second)));
  } catch (error) {
    throw error instanceof Refusal ? new WrongWords() : error;
  }
}
