/**
 * A small agency with its staff, families and letters, for tests and vectors. Keys and ids are
 * derived from names, so a history has the same statements every time.
 */

import { bech32 } from "@scure/base";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, hash, hex, utf8 } from "../src/seal/bytes.ts";
import { type Envelope, idOf, sign } from "../src/seal/envelope.ts";
import { recipientOf } from "../src/seal/file.ts";
import { SigningKey } from "../src/seal/key.ts";
import type { Proof } from "../src/seal/ledger.ts";
import { realmOf } from "../src/seal/root.ts";
import type { Body, Fields, Kind } from "../src/seal/statement.ts";
import { Logbook } from "./logbook.ts";

export const seedOf = (name: string): Bytes => sha256(utf8(`postern test ${name}`)) as Bytes;
export const idFor = (name: string): string => hex(seedOf(name).subarray(0, 16));
export const hashFor = (name: string): string => hash(seedOf(name));

function identityOf(prefix: string, name: string): string {
  return bech32.encodeFromBytes(prefix, seedOf(name)).toUpperCase();
}
export const hybridIdentity = (name: string): string => identityOf("AGE-SECRET-KEY-PQ-", name);
export const letterIdentity = (name: string): string => identityOf("AGE-SECRET-KEY-", name);

const recipients = new Map<string, string>();
export async function sealKey(name: string): Promise<string> {
  const known = recipients.get(name) ?? (await recipientOf(hybridIdentity(name), "hybrid"));
  recipients.set(name, known);
  return known;
}

/** Somebody with a certificate; "" is the root. */
export interface Person {
  readonly name: string;
  readonly key: SigningKey;
  /** Certificate id, filled in once certified. */
  certificate: string;
}

type Side = "a" | "b";
export interface Place {
  readonly name: string;
  readonly side: Side;
  readonly read?: boolean;
  readonly write?: boolean;
  readonly paper?: boolean;
}

export class World {
  readonly root: SigningKey;
  readonly realm: string;
  readonly envelopes: Envelope[] = [];
  private logKey = "log";
  readonly people = new Map<string, Person>();
  /** The latest statement of a chain by its name: arrangements, epochs, letters, decisions. */
  readonly latest = new Map<string, string>();

  /** Another name makes another agency. */
  constructor(root = "root") {
    this.root = new SigningKey(seedOf(root));
    this.realm = realmOf(this.root.public);
  }

  get proof(): Proof {
    return this.proofOf(this.envelopes);
  }

  /** Some of its statements, held in the log of all, for somebody who has seen it at a size. */
  proofOf(statements: readonly Envelope[], seen = 0): Proof {
    return { root: this.root.public, statements, log: this.log.hold(statements.map(idOf), seen) };
  }

  /** Under the log key that the newest statement of the agency names. */
  get log(): Logbook {
    return new Logbook(this.realm, new SigningKey(seedOf(this.logKey)), this.envelopes.map(idOf));
  }

  person(name: string): Person {
    const person = this.people.get(name) ?? {
      name,
      key: new SigningKey(seedOf(`key of ${name}`)),
      certificate: "",
    };
    this.people.set(name, person);
    return person;
  }

  /** Signs as somebody (the root if empty) without adding it to the history. */
  signed<K extends Kind>(kind: K, signer: string, fields: Fields<K>): Envelope {
    if (signer === "") return sign(kind, this.realm, "", fields, this.root);
    const { key, certificate } = this.person(signer);
    return sign(kind, this.realm, certificate, fields, key);
  }

  /** Signs and adds a statement; returns its id. */
  add<K extends Kind>(kind: K, signer: string, fields: Fields<K>): string {
    return this.push(this.signed(kind, signer, fields));
  }

  push(envelope: Envelope): string {
    this.envelopes.push(envelope);
    return idOf(envelope);
  }

  async agency(n = 1, prev = "", archive = "archive", log = "log"): Promise<string> {
    this.logKey = log;
    const fields = {
      n,
      prev,
      log_key: new SigningKey(seedOf(log)).public,
      notifier_key: await recipientOf(letterIdentity("notifier"), "x25519"),
      archive_key: await sealKey(archive),
      from: 1_700_000_000,
    };
    return this.add("agency", "", fields);
  }

  inviteKey(name: string): SigningKey {
    return new SigningKey(seedOf(`invite of ${name}`));
  }

  inviteFields(name: string, role: Body<"invite">["role"], arrangement = ""): Fields<"invite"> {
    return {
      invite: idFor(`invite of ${name}`),
      membership: arrangement === "" ? "" : idFor(name),
      arrangement: arrangement === "" ? "" : idFor(arrangement),
      role,
      card_hash: arrangement === "" ? "" : hashFor(`card of ${name}`),
      invite_key: this.inviteKey(name).public,
      root_tag: hashFor("tag"),
      until: 1_800_000_000,
    };
  }

  /** Invites and enrols; returns the enrol id. */
  async join(name: string, role: Body<"invite">["role"], by: string, arrangement = ""): Promise<string> {
    const inviteId = this.add("invite", by, this.inviteFields(name, role, arrangement));
    return this.enrol(name, inviteId);
  }

  async enrol(name: string, inviteId: string, inviteKey = this.inviteKey(name)): Promise<string> {
    const { key } = this.person(name);
    const fields = { invite_id: inviteId, sign_key: key.public, seal_key: await sealKey(name) };
    return this.push(sign("enrol", this.realm, inviteId, fields, inviteKey, key));
  }

  async staffFields(
    name: string,
    enrolId: string,
    roles: Fields<"staff">["roles"],
    teams: string[],
    prior = "",
  ): Promise<Fields<"staff">> {
    return {
      staff: idFor(`staff ${name}`),
      person: idFor(`person ${name}`),
      enrol_id: enrolId,
      sign_key: this.person(name).key.public,
      seal_key: await sealKey(name),
      roles,
      teams: teams.map(idFor).sort(),
      from: 1_700_000_000,
      until: 0,
      prior,
    };
  }

  /** A member of staff signed by root. */
  async manager(name: string, roles: Fields<"staff">["roles"], ...teams: string[]): Promise<void> {
    const enrolId = await this.join(name, roles[0] as Body<"invite">["role"], "");
    this.person(name).certificate = this.add(
      "staff",
      "",
      await this.staffFields(name, enrolId, roles, teams),
    );
  }

  /** A member of staff signed by two, chained. */
  async worker(
    name: string,
    roles: Fields<"staff">["roles"],
    teams: string[],
    lead: string,
    second: string,
  ): Promise<void> {
    const enrolId = await this.join(name, roles[0] as Body<"invite">["role"], lead);
    const first = this.add("staff", lead, await this.staffFields(name, enrolId, roles, teams));
    this.person(name).certificate = this.add(
      "staff",
      second,
      await this.staffFields(name, enrolId, roles, teams, first),
    );
  }

  async epochFields(team: string, n = 1): Promise<Fields<"epoch">> {
    return {
      team: idFor(team),
      n,
      review_key: await sealKey(`epoch ${team} ${n}`),
      archive_key: await sealKey("archive"),
      prev: n === 1 ? "" : (this.latest.get(`epoch ${team}`) ?? ""),
      prev_secret_hash: n === 1 ? "" : hashFor(`secret ${team} ${n}`),
    };
  }

  async epoch(team: string, by: string, n = 1): Promise<string> {
    const id = this.add("epoch", by, await this.epochFields(team, n));
    this.latest.set(`epoch ${team}`, id);
    return id;
  }

  async memberFields(
    name: string,
    arrangement: string,
    enrolId: string,
    replaces = "",
    prior = "",
  ): Promise<Fields<"member">> {
    return {
      membership: idFor(name),
      arrangement: idFor(arrangement),
      role: "birth-parent",
      enrol_id: enrolId,
      sign_key: this.person(name).key.public,
      seal_key: await sealKey(name),
      card_hash: hashFor(`card of ${name}`),
      until: 0,
      met: false,
      replaces,
      prior,
    };
  }

  async member(name: string, arrangement: string, by: string): Promise<void> {
    const enrolId = await this.join(name, "birth-parent", by, arrangement);
    this.person(name).certificate = this.add(
      "member",
      by,
      await this.memberFields(name, arrangement, enrolId),
    );
  }

  arrangementFields(
    name: string,
    n: number,
    team: string,
    reviewers: number,
    places: Place[],
    prior = "",
  ): Fields<"arrangement"> {
    const members = places.map(({ name: member, side, read = true, write = true, paper = false }) => ({
      membership: idFor(member),
      side,
      cert_id: paper ? "" : this.person(member).certificate,
      read,
      write,
    }));
    return {
      arrangement: idFor(name),
      n,
      prev: n === 1 ? "" : (this.latest.get(name) ?? ""),
      team: idFor(team),
      reviewers,
      members: members.sort((a, b) => (a.membership < b.membership ? -1 : 1)),
      plan_hash: hashFor(`plan ${n}`),
      notes_hash: hashFor(`notes ${n}`),
      prior,
    };
  }

  arrangement(name: string, by: string, n: number, team: string, reviewers: number, places: Place[]): string {
    const id = this.add("arrangement", by, this.arrangementFields(name, n, team, reviewers, places));
    this.latest.set(name, id);
    return id;
  }

  submitFields(
    letter: string,
    rev: number,
    arrangement: string,
    team: string,
    author: string,
    to: string[],
  ): Fields<"submit"> {
    const about = `${letter} ${rev}`;
    return {
      letter: idFor(letter),
      rev,
      prev: rev === 1 ? "" : (this.latest.get(letter) ?? ""),
      arrangement: idFor(arrangement),
      arrangement_id: this.latest.get(arrangement) ?? "",
      author: idFor(author),
      to: to.map(idFor).sort(),
      ct_hash: hashFor(`file ${about}`),
      ct_len: 16584,
      key_hash: hashFor(`key ${about}`),
      team: idFor(team),
      epoch_id: this.latest.get(`epoch ${team}`) ?? "",
      grant_hash: hashFor(`grant ${about}`),
      archive_grant_hash: hashFor(`archive ${about}`),
      self_grant_hash: hashFor(`self ${about}`),
      day: "2026-11-21",
    };
  }

  submit(
    letter: string,
    rev: number,
    arrangement: string,
    team: string,
    author: string,
    to: string[],
  ): string {
    const id = this.add("submit", author, this.submitFields(letter, rev, arrangement, team, author, to));
    this.latest.set(letter, id);
    this.latest.set(`decision ${letter}`, "");
    return id;
  }

  decisionFields(
    letter: string,
    arrangement: string,
    outcome: Body<"decision">["outcome"],
    step: number,
    grantTo: string[] = [],
  ): Fields<"decision"> {
    const grants = grantTo.map((name) => ({
      membership: idFor(name),
      cert_id: this.person(name).certificate,
      grant_hash: hashFor(`grant ${letter} ${name}`),
    }));
    return {
      submit_id: this.latest.get(letter) ?? "",
      arrangement_id: this.latest.get(arrangement) ?? "",
      outcome,
      step,
      prior: this.latest.get(`decision ${letter}`) ?? "",
      grants: grants.sort((a, b) => (a.membership < b.membership ? -1 : 1)),
      attached: [],
      log_size: 1,
      log_root: hashFor("log root"),
      time: 1_700_000_000,
    };
  }

  decide(
    by: string,
    letter: string,
    arrangement: string,
    outcome: Body<"decision">["outcome"],
    step: number,
    grantTo: string[] = [],
    more: Partial<Fields<"decision">> = {},
  ): string {
    const id = this.add("decision", by, {
      ...this.decisionFields(letter, arrangement, outcome, step, grantTo),
      ...more,
    });
    this.latest.set(`decision ${letter}`, id);
    return id;
  }

  messageFields(
    name: string,
    arrangement: string,
    team: string,
    about: Body<"message">["about"],
    subject = "",
  ): Fields<"message"> {
    return {
      message: idFor(name),
      arrangement: idFor(arrangement),
      about,
      subject_id: subject,
      ct_hash: hashFor(`file ${name}`),
      ct_len: 16584,
      key_hash: hashFor(`key ${name}`),
      epoch_id: this.latest.get(`epoch ${team}`) ?? "",
      grant_hash: hashFor(`grant ${name}`),
      archive_grant_hash: hashFor(`archive ${name}`),
      day: "2026-11-21",
    };
  }
}

/** Two sides, Ann writing to Ben and Cai; Cai is on paper. One lead, one coordinator. */
export const FAMILY: Place[] = [
  { name: "ann", side: "a" },
  { name: "ben", side: "b" },
  { name: "cai", side: "b", paper: true },
];

/** An agency ready for letters: team "north", arrangement "first", checked by `reviewers` persons. */
export async function settled(reviewers = 1, ...coordinators: string[]): Promise<World> {
  return settle(new World(), reviewers, ...coordinators);
}

/** The same in a world that has nothing yet. */
export async function settle(world: World, reviewers = 1, ...coordinators: string[]): Promise<World> {
  await world.agency();
  await world.manager("admin", ["administrator"]);
  await world.manager("lead", ["lead"], "north");
  for (const name of ["coord", ...coordinators]) {
    await world.worker(name, ["coordinator"], ["north"], "lead", "admin");
  }
  await world.epoch("north", "lead");
  await world.member("ann", "first", "coord");
  await world.member("ben", "first", "coord");
  world.arrangement("first", reviewers > 1 ? "lead" : "coord", 1, "north", reviewers, FAMILY);
  return world;
}
