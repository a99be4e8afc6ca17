/**
 * The only holder of an account's key K, its bundle and its signing seeds. It signs and opens on
 * request; keys leave it sealed, or lent for one act (`wrap`, `openWith`). (Text in JavaScript cannot be
 * zeroed: `wipe` zeroes K, and lets go of the rest.)
 */

import { ApiProblem, get, put } from "./api.ts";
import type * as Api from "./api_types.ts";
import { Missing, Untrusted } from "./acts/errors.ts";
import {
  base64,
  type Bundle,
  challengeBytes,
  type Envelope,
  type Fields,
  generate,
  hex,
  type Kind,
  newBundle,
  openAttached,
  openBundle,
  openDelivered,
  openDraft,
  type OpenedLogged,
  openOwn,
  type Proof,
  proofKey,
  type Reader,
  realmOf,
  recipientOf,
  Refusal,
  sealBundle,
  sealDraft,
  type Sealed,
  type Seen,
  sign,
  SigningKey,
  unbase64,
  unhex,
} from "./seal/index.ts";
import { highestBundle, keepHighestBundle } from "./store.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type KeySet = Bundle["memberships"][number];

/** Whose key signs: a membership's id, or the staff post. */
export type As = { readonly membership: string } | "staff";

/** Keys as others may know them. */
export interface PublicKeys {
  /** Membership or staff id; of a staff post not yet certified, zeros. */
  readonly id: string;
  /** "" until certified. */
  readonly certificate: string;
  readonly signKey: string;
}

/** How often another device may be first before a change gives up. */
const MOST_TRIES = 4;
/** The staff id is the certifier's to give. */
const NO_STAFF_ID = "0".repeat(32);

export class Keys {
  #key: Bytes | null;
  #bundle: Bundle;
  /** Changes to the bundle go one after another. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(key: Bytes, bundle: Bundle) {
    this.#key = key;
    this.#bundle = bundle;
  }

  /** Keys for a new account; nothing is stored yet. `key` is 32 random bytes and belongs here now. */
  static make(account: string, key: Bytes): Keys {
    return new Keys(key, newBundle(account));
  }

  /** Opens a stored bundle; refuses one older than this device has seen. */
  static async open(account: string, key: Bytes, stored: Api.Bundle): Promise<Keys> {
    return new Keys(key, await readBundle(account, key, stored));
  }

  get account(): string {
    return this.#bundle.account;
  }

  /** Zeroes what can be zeroed; every later request throws. */
  wipe(): void {
    this.#key?.fill(0);
    this.#key = null;
    this.#bundle = newBundle(this.#bundle.account);
  }

  /** Whether these bytes are K. */
  isKey(candidate: Uint8Array): boolean {
    const key = this.#opened();
    return candidate.length === key.length && key.every((byte, at) => byte === candidate[at]);
  }

  /** Lends a copy of K to be sealed; the copy is zeroed when that is done. */
  async wrap(seal: (key: Bytes) => Promise<Bytes>): Promise<Bytes> {
    const copy = new Uint8Array(this.#opened());
    try {
      return await seal(copy);
    } finally {
      copy.fill(0);
    }
  }

  /** The agency's root key, hex, as the typed code vouched for it. */
  get root(): string {
    if (this.#bundle.root === "") throw new Missing("an agency");
    return this.#bundle.root;
  }

  get realm(): string {
    return realmOf(this.root);
  }

  get hasJoined(): boolean {
    return this.#bundle.root !== "";
  }

  get pins(): Bundle["pins"] {
    return this.#bundle.pins;
  }

  get memberships(): readonly PublicKeys[] {
    return this.#bundle.memberships.map(publicHalf);
  }

  get staff(): readonly PublicKeys[] {
    return this.#bundle.staff.map(publicHalf);
  }

  /** The newest certified staff post. */
  get post(): PublicKeys {
    return publicHalf(this.#certified("staff"));
  }

  /** Signs as a member or as staff, under the certificate in the bundle. */
  sign<K extends Kind>(as: As, kind: K, fields: Fields<K>): Envelope {
    const keys = this.#certified(as);
    return sign(kind, this.realm, keys.cert_id, fields, signingKey(keys));
  }

  /** Answers a session's challenge. */
  answer(challenge: Uint8Array): Bytes {
    const account = this.account;
    return proofKey(this.#opened(), account).sign(challengeBytes(account, hex(challenge)));
  }

  /** What a new account registers: its first bundle and the public half of its proof key. */
  async forNewAccount(): Promise<Pick<Api.NewAccount, "bundle" | "proof_key" | "version">> {
    const key = this.#opened();
    const bundle = base64(await sealBundle(key, this.#bundle));
    return { bundle, proof_key: proofKey(key, this.account).public, version: this.#bundle.version };
  }

  /**
   * Makes keys for an invitation, seals them away before anything is sent, and signs `enrol` with
   * the printed code's key and the new one. Asked again, it signs with the same keys.
   */
  async enrol(
    invite: { readonly statement: string; readonly root: string; readonly membership: string | null },
    code: SigningKey,
  ): Promise<Envelope> {
    if (this.#bundle.root !== "" && this.#bundle.root !== invite.root) throw new Untrusted("wrong-realm");
    const table = invite.membership === null ? "staff" : "memberships";
    const id = invite.membership ?? NO_STAFF_ID;
    const isOpen = (each: KeySet): boolean => each.id === id && each.cert_id === "";
    const made: KeySet = {
      id,
      cert_id: "",
      sign_seed: hex(SigningKey.generate().seed),
      seal_identity: await generate("hybrid"),
    };
    await this.keep((bundle) =>
      bundle[table].some(isOpen)
        ? bundle
        : { ...bundle, root: invite.root, [table]: [...bundle[table], made] },
    );
    const keys = this.#bundle[table].find(isOpen);
    if (keys === undefined) throw new Missing("new keys");
    const own = signingKey(keys);
    const fields = {
      invite_id: invite.statement,
      sign_key: own.public,
      seal_key: await recipientOf(keys.seal_identity, "hybrid"),
    };
    return sign("enrol", realmOf(invite.root), invite.statement, fields, code, own);
  }

  /** Writes down which certificates these keys were given, by signing key. True when one was new. */
  async certified(given: readonly PublicKeys[]): Promise<boolean> {
    let isNew = false;
    const fill = (keys: KeySet): KeySet => {
      const mine = given.find((each) => each.signKey === signingKey(keys).public);
      if (mine === undefined || keys.cert_id === mine.certificate) return keys;
      isNew = true;
      return { ...keys, id: mine.id, cert_id: mine.certificate };
    };
    await this.keep((bundle) => {
      const [memberships, staff] = [bundle.memberships.map(fill), bundle.staff.map(fill)];
      return isNew ? { ...bundle, memberships, staff } : bundle;
    });
    return isNew;
  }

  /** Where letters to this very certificate are sealed. */
  recipient(as: As): Promise<string> {
    return recipientOf(this.#certified(as).seal_identity, "hybrid");
  }

  /** `seen` is the pin that the proof was asked for with; so below. */
  openDelivered(
    membership: string,
    seen: Seen,
    proof: Proof,
    submit: string,
    sealed: Sealed,
  ): Promise<OpenedLogged> {
    return openDelivered(this.#reader(membership, seen), proof, submit, sealed);
  }

  openOwn(
    membership: string,
    seen: Seen,
    proof: Proof,
    submit: string,
    sealed: Sealed,
  ): Promise<OpenedLogged> {
    return openOwn(this.#reader(membership, seen), proof, submit, sealed);
  }

  openAttached(
    membership: string,
    seen: Seen,
    proof: Proof,
    decision: string,
    ctHash: string,
    sealed: Sealed,
  ): Promise<OpenedLogged> {
    return openAttached(this.#reader(membership, seen), proof, decision, ctHash, sealed);
  }

  /** Lends the secret of the seal key, to open a document or a team's secret with. */
  openWith<T>(as: As, open: (identity: string) => Promise<T>): Promise<T> {
    return open(this.#certified(as).seal_identity);
  }

  sealDraft(id: string, plaintext: Uint8Array): Promise<Bytes> {
    return sealDraft(this.#opened(), id, plaintext);
  }

  openDraft(id: string, sealed: Uint8Array): Promise<Bytes> {
    return openDraft(this.#opened(), id, sealed);
  }

  /**
   * Stores a changed bundle by compare-and-set. When another device was first, theirs is opened and
   * the change made again upon it: so a change takes the bundle as it finds it. One that gives back
   * the very bundle it was given changes nothing and sends nothing.
   */
  keep(change: (bundle: Bundle) => Bundle): Promise<void> {
    const turn = this.#turn.then(() => this.#replace(change));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #replace(change: (bundle: Bundle) => Bundle): Promise<void> {
    for (let tries = 1; ; tries++) {
      const key = this.#opened();
      const changed = change(this.#bundle);
      if (changed === this.#bundle) return;
      const version = this.#bundle.version + 1;
      const next = { ...changed, version };
      const sealed = base64(await sealBundle(key, next));
      try {
        await put("/api/account/bundle", { version, sealed });
        this.#settle(next);
        return;
      } catch (error) {
        const isLate = error instanceof ApiProblem && error.code === "bundle-stale";
        if (!isLate || tries === MOST_TRIES) throw error;
      }
      const { bundle: stored } = await get<Api.Account>("/api/account");
      if (!stored) throw new Missing("a key bundle");
      this.#settle(await readBundle(this.account, key, stored));
    }
  }

  /** Not into keys that were wiped meanwhile. */
  #settle(bundle: Bundle): void {
    this.#opened();
    this.#bundle = bundle;
    keepHighestBundle(bundle.account, bundle.version);
  }

  #opened(): Bytes {
    if (this.#key === null) throw new Missing("an open letterbox");
    return this.#key;
  }

  /** The newest certified keys. */
  #certified(as: As): KeySet {
    const sets =
      as === "staff"
        ? this.#bundle.staff
        : this.#bundle.memberships.filter(({ id }) => id === as.membership);
    const found = sets.filter(({ cert_id }) => cert_id !== "").pop();
    if (found === undefined) throw new Missing("a certificate");
    return found;
  }

  #reader(membership: string, seen: Seen): Reader {
    const { cert_id: certificate, seal_identity: identity } = this.#certified({ membership });
    return { realm: this.realm, membership, certificate, identity, seen };
  }
}

async function readBundle(account: string, key: Bytes, stored: Api.Bundle): Promise<Bundle> {
  // A server that holds an older one back could make this device forget a root or a pin.
  if (stored.version < highestBundle(account)) throw new Untrusted("older-bundle");
  try {
    const bundle = await openBundle(key, account, stored.version, unbase64(stored.sealed));
    keepHighestBundle(account, bundle.version);
    return bundle;
  } catch (cause) {
    throw new Untrusted(cause instanceof Refusal ? cause.code : "bundle", { cause });
  }
}

function signingKey({ sign_seed }: KeySet): SigningKey {
  return new SigningKey(unhex(sign_seed, 32));
}

function publicHalf(keys: KeySet): PublicKeys {
  return { id: keys.id, certificate: keys.cert_id, signKey: signingKey(keys).public };
}
