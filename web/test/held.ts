/** A proof and what a server may send to hold it in the log, good and lying, for the vectors. */

import type { Bundle } from "../src/seal/bundle.ts";
import { hex, random } from "../src/seal/bytes.ts";
import { type Envelope, idOf } from "../src/seal/envelope.ts";
import { SigningKey } from "../src/seal/key.ts";
import type { Logged, Seen } from "../src/seal/logged.ts";
import { World } from "./world.ts";

export interface Held {
  readonly realm: string;
  readonly root: string;
  readonly statements: readonly Envelope[];
  /** The certificate of whoever hears it. */
  readonly own: string;
  readonly cases: readonly HeldCase[];
}

export interface HeldCase {
  readonly name: string;
  readonly log: Logged;
  readonly seen: Bundle["pins"];
  /** Why it is refused; null if it is held. */
  readonly code: string | null;
}

const pinned = (log: Seen["log"], agency = ""): Bundle["pins"] => ({ agency, arrangements: [], log });
const UNSEEN = pinned({ size: 0, root: "" });

/** The last statement is the lead's own, and in some cases not logged yet. */
export async function held(): Promise<Held> {
  const world = new World();
  await world.agency();
  await world.manager("admin", ["administrator"]);
  await world.manager("lead", ["lead"], "north");
  await world.epoch("north", "lead");
  // The administrator's part is in the log and not in the proof.
  const statements = world.envelopes.filter((_, at) => at === 0 || at > 3);
  const ids = statements.map(idOf);
  const { log } = world;
  const good = log.hold(ids, 3);
  world.envelopes.pop();
  const before = world.log;
  const pins = (size: number, root = log.checkpoint(size).root) => pinned({ size, root });
  const seen = pins(3);
  const places = (change: (places: Logged["places"][number][]) => void): Logged => {
    const changed = structuredClone([...good.places]);
    change(changed);
    return { ...good, places: changed };
  };
  const note = (note: string): Logged => ({ ...good, note });
  const elsewhere = hex(random(32));
  const newest = log.checkpoint();
  const other = { ...newest, root: elsewhere };
  const stranger = new SigningKey(random(32));
  const lies: [name: string, code: string, log: Logged][] = [
    ["an entry altered", "not-in-log", places((it) => Object.assign(it[2] ?? {}, { salt: "ff".repeat(16) }))],
    ["an entry removed", "not-logged", places((it) => it.splice(2, 1, null))],
    ["entries in another order", "wrong-place", places((it) => it.splice(1, 2, ...it.slice(1, 3).reverse()))],
    ["a place too few", "malformed", places((it) => it.pop())],
    ["a hash too few", "not-in-log", { ...good, hashes: good.hashes.slice(44) }],
    ["another tree under the checkpoint", "not-in-log", note(log.sign(other))],
    ["a stranger's signature", "bad-signature", note(log.sign(newest, world.realm, stranger))],
    ["another agency's checkpoint", "malformed", note(log.sign(newest, elsewhere))],
  ];
  const cases: HeldCase[] = [
    { name: "from where it was seen", log: good, seen, code: null },
    { name: "never seen before", log: log.hold(ids), seen: UNSEEN, code: null },
    { name: "one's own, not logged yet", log: before.hold(ids, 3), seen, code: null },
    { name: "a log rolled back", log: before.hold(ids), seen: pins(newest.size), code: "older-log" },
    { name: "another log", log: good, seen: pins(3, elsewhere), code: "other-log" },
    ...lies.map(([name, code, log]) => ({ name, log, seen, code })),
  ];
  const own = world.person("lead").certificate;
  return { realm: world.realm, root: world.root.public, statements, own, cases };
}

/** The log's key was replaced; the proof tells of that, or keeps it back. */
export async function rekeyed(isTold: boolean): Promise<Held> {
  const world = new World();
  const first = await world.agency();
  await world.manager("lead", ["lead"], "north");
  const stolen = world.log.key;
  const changed = world.envelopes.length;
  const second = await world.agency(2, first, "archive", "second log");
  await world.manager("admin", ["administrator"]);
  const statements = world.envelopes.filter((it) => isTold || idOf(it) !== second);
  const { log } = world;
  const before = pinned(log.checkpoint(changed), first);
  const after = pinned(log.checkpoint(changed + 1), second);
  const good = (seen: Seen) => log.hold(statements.map(idOf), seen.log.size);
  const old = (seen: Seen) => ({ ...good(seen), note: log.sign(log.checkpoint(), world.realm, stolen) });
  const cases: [string, (seen: Seen) => Logged, Bundle["pins"], string | null][] = isTold
    ? [
        ["never seen before", good, UNSEEN, null],
        ["seen before the change", good, before, null],
        ["seen after the change", good, after, null],
        ["the old key, never seen before", old, UNSEEN, "bad-signature"],
        ["the old key, seen before", old, before, "bad-signature"],
        ["the old key, seen after", old, after, "bad-signature"],
      ]
    : [
        ["the old key", old, after, "older-agency"],
        ["the new key", good, after, "older-agency"],
        ["the new key, seen before", good, before, "bad-signature"],
        ["the old key, nothing known of another", old, before, null],
      ];
  const own = world.person("lead").certificate;
  return {
    realm: world.realm,
    root: world.root.public,
    statements,
    own,
    cases: cases.map(([name, log, seen, code]) => ({ name, log: log(seen), seen, code })),
  };
}
