// What stands behind the browser: agencies with their processes and people, made when a journey
// asks for them by `cargo xtask journeys`.

import { readFileSync } from "node:fs";

/**
 * @typedef {{ name: string, role: string, words: string }} Person
 * @typedef {{ origin: string, issuer: string }} Site
 * @typedef {{ arrangement: string, people: Person[], code: string | null, newcomer: string }} Family
 * @typedef {{ to: string, subject: string, date: string, language: string, text: string }} Mail
 * @typedef {"mediation" | "moderation" | "notification"} Role
 * @typedef {{ by: string, outcome: "deliver" | "change" | "keep", reason: string, comment?: string }} Step
 * @typedef {{ id: number, family: Site, staff: Site, bootstrap_token: string, phone: string | null,
 *   printed: { root_file: string, custodians: [string, string] } | null, team: string | null, people: Person[] }} Described
 */

const path = process.env["POSTERN_WORLD"];
if (path === undefined) throw new Error("run the journeys with `cargo xtask journeys`");
/** @type {{ control: string, browser: string }} */
const world = JSON.parse(readFileSync(path, "utf8"));

/** The browser to drive. */
export const browserPath = world.browser;

/**
 * @param {string} path
 * @param {unknown} [body] sent by POST; without one the answer is only looked at
 */
async function ask(path, body) {
  const how = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(world.control + path, body === undefined ? {} : how);
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return answer.json();
}

/**
 * A fresh agency: its own three processes, database, addresses and people. Founded, it has Priya and
 * Sam (coordinators), Dee and Joan (leads) and Alex (administrator); otherwise it waits for its
 * first administrator, as an operator leaves it.
 * @param {{ founded?: boolean }} [how]
 */
export async function newAgency({ founded = true } = {}) {
  return new Agency(await ask("/agencies", { founded }));
}

/** One running agency. */
export class Agency {
  /** @param {Described} described */
  constructor(described) {
    /** @readonly */
    this.described = described;
    /** @readonly */
    this.family = described.family;
    /** @readonly */
    this.staff = described.staff;
    /** @readonly */
    this.phone = described.phone ?? "";
    this.path = `/agencies/${described.id}`;
  }

  /**
   * Somebody of the staff.
   * @param {string} name
   */
  colleague(name) {
    return named(this.described.people, name);
  }

  /**
   * A second team, South, with a manager (Una) and a letterbox worker (Viv).
   * @returns {Promise<{ team: string, people: Person[] }>}
   */
  otherTeam() {
    return ask(`${this.path}/other-team`, {});
  }

  /**
   * An adoptive parent (Beth) and a birth mother (Kerry) in an arrangement of their own; a second
   * family signs in as "Beth 2" and "Kerry 2". With `newcomer`, Kerry has a printed code only, and
   * signs in by the name in `newcomer`. With `due`, Beth's letter is planned for this month.
   * @param {{ newcomer?: boolean, reviewers?: number, due?: boolean }} [how]
   * @returns {Promise<Family>}
   */
  newFamily(how = {}) {
    return ask(`${this.path}/families`, how);
  }

  /**
   * Writes a letter without a browser and decides on it, step by step; a delivered one is passed on
   * when this is done.
   * @param {Family} family
   * @param {Person} from
   * @param {string} text
   * @param {Step[]} [steps]
   * @returns {Promise<{ letter: string }>}
   */
  letter(family, from, text, steps = []) {
    const letter = { arrangement: family.arrangement, from: from.name, text, steps };
    return ask(`${this.path}/letters`, letter);
  }

  /**
   * Has new keys asked for in the birth mother's name, elsewhere: a new code, new words, and Priya's
   * certificate. Her old keys stay where they are.
   * @param {Family} family
   * @returns {Promise<{ membership: string }>}
   */
  newKeys({ arrangement }) {
    return ask(`${this.path}/new-keys`, { arrangement });
  }

  /** Waits until new keys wait for their day, and lets it come. */
  async threeDaysLater() {
    await ask(`${this.path}/three-days-later`, {});
  }

  /**
   * What the operator does with the realm that the first administrator reads out.
   * @param {string} realm
   */
  async pin(realm) {
    await ask(`${this.path}/pin`, { realm });
  }

  /**
   * The operator makes a new key for the log, which the roles know once they are started again.
   * @returns {Promise<string>} what the operator reads out, in hex
   */
  async newLogKey() {
    const { log_key: key } = await ask(`${this.path}/new-log-key`, {});
    return key;
  }

  /**
   * Notices so far, newest first.
   * @returns {Promise<Mail[]>}
   */
  mails() {
    return ask(`${this.path}/outbox`);
  }

  /**
   * Whether a site serves exactly what was built: `postern doctor --client`.
   * @param {"family" | "staff"} site
   * @returns {Promise<{ ok: boolean, said: string }>}
   */
  doctor(site) {
    return ask(`${this.path}/doctor/${site}`);
  }

  /**
   * Starts, stops, restarts or kills one of its processes.
   * @param {"start" | "stop" | "restart" | "kill"} act
   * @param {Role} role
   */
  async role(act, role) {
    await ask(`${this.path}/roles/${role}/${act}`, {});
  }

  /** Stops its processes. */
  async stop() {
    await ask(`${this.path}/stop`, {});
  }
}

/** The steps that pass a letter on, by somebody who is not in the journey. */
export const PASSED_ON = [{ by: "Sam", outcome: /** @type {const} */ ("deliver"), reason: "fits-plan" }];

/**
 * @param {Person[]} people
 * @param {string} name
 */
export function named(people, name) {
  const found = people.find((person) => person.name === name);
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
}
