import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, random } from "../src/seal/bytes.ts";
import { type Envelope, idOf, readEnvelope } from "../src/seal/envelope.ts";
import { SigningKey } from "../src/seal/key.ts";
import { Ledger, type Proof } from "../src/seal/ledger.ts";
import { type Logged, requireLogged, type Seen } from "../src/seal/logged.ts";
import { openDelivered } from "../src/seal/open.ts";
import { leafHash, rootsOf, treeRoot } from "../src/seal/tree.ts";
import { refusal } from "./fixtures.ts";
import { passOn, readerOf, said, writeLetter } from "./letterbox.ts";
import { Logbook, saltOf, stretches } from "./logbook.ts";
import { seedOf, settled, type World } from "./world.ts";

const UNSEEN: Seen = { agency: "", log: { size: 0, root: "" } };

test("leaves and an older root are proved together, for every choice of leaves", () => {
  for (let size = 1; size <= 9; size++) {
    const leaves = Array.from({ length: size }, (_, i) => leafHash(Uint8Array.of(i)));
    for (let choice = 0; choice < 2 ** size; choice++) {
      const places = leaves.map((_, i) => i).filter((i) => (choice >> i) % 2 === 1);
      const chosen = places.map((i) => [i, leaves[i] as Uint8Array<ArrayBuffer>] as const);
      for (let old = 0; old <= size; old++) {
        const hashes = stretches(leaves, places, old) as Uint8Array<ArrayBuffer>[];
        const [now, before] = rootsOf(chosen, old, size, hashes);
        assert.equal(hex(now), hex(treeRoot(leaves)));
        if (old > 0) assert.equal(hex(before), hex(treeRoot(leaves.slice(0, old))));
        const bad = refusal("not-in-log");
        assert.throws(() => rootsOf(chosen, old, size, [...hashes, now]), bad);
        if (hashes.length > 0) assert.throws(() => rootsOf(chosen, old, size, hashes.slice(1)), bad);
        const [first] = chosen;
        if (first) assert.throws(() => rootsOf([first, ...chosen], old, size, hashes), bad);
      }
    }
  }
});

/** A letter that was passed on, after which the log has grown. */
async function delivered(): Promise<World> {
  const world = await settled(1, "dora");
  const letter = await writeLetter(world, "letter", "Dear Ben");
  await passOn(world, "letter", letter);
  world.add("revoke", "lead", { target_id: world.person("dora").certificate, reason: "left" });
  return world;
}

/** What somebody has seen who came by at a size. */
function seenAt(world: World, size = world.envelopes.length): Seen {
  const agencies = world.envelopes.slice(0, size).filter((it) => kindOf(it) === "agency");
  return { agency: agencies.map(idOf).at(-1) ?? "", log: world.log.checkpoint(size) };
}

const kindOf = (envelope: Envelope): string => readEnvelope(envelope).statement.kind;

function heard(world: World, proof: Proof, seen: Seen, own = world.person("ann").certificate): Seen {
  return requireLogged(Ledger.fold(world.realm, proof), proof.log, seen, own);
}

/** A proof that is changed before it is heard. */
function lie(
  world: World,
  change: (log: Writable, proof: { statements: Envelope[] }) => unknown,
): () => Seen {
  const proof = structuredClone(world.proofOf(world.envelopes, 4)) as Proof & { statements: Envelope[] };
  change(proof.log as Writable, proof);
  return () => heard(world, proof, seenAt(world, 4));
}
type Place = NonNullable<Logged["places"][number]>;
type Writable = { note: string; places: Place[]; hashes: string };

test("a proof is held from whatever was seen of the log before", async () => {
  const world = await delivered();
  const newest = seenAt(world);
  assert.deepEqual(heard(world, world.proof, UNSEEN), newest);
  for (let size = 1; size <= newest.log.size; size++) {
    assert.deepEqual(heard(world, world.proofOf(world.envelopes, size), seenAt(world, size)), newest);
  }
});

test("a log rolled back is refused", async () => {
  const world = await delivered();
  const pinned = seenAt(world);
  const older = world.envelopes.slice(0, -1);
  const log = new Logbook(world.realm, world.log.key, older.map(idOf)).hold(older.map(idOf), pinned.log.size);
  const proof = { ...world.proofOf(older), log };
  assert.throws(() => heard(world, proof, pinned), refusal("older-log"));
  const before = lie(world, (it) => (it.note = world.log.sign(world.log.checkpoint(5))));
  assert.throws(before, refusal("not-in-log"));
});

test("an entry altered, removed or re-ordered is refused", async () => {
  const world = await delivered();
  const last = world.envelopes.length - 1;
  const swap = (list: unknown[]) => list.splice(last - 1, 2, list[last], list[last - 1]);
  const lies: [string, Parameters<typeof lie>[1]][] = [
    ["not-in-log", ({ places }) => Object.assign(places[3] ?? {}, { salt: saltOf(99) })],
    ["not-logged", ({ places }) => places.splice(3, 1, null as never)],
    ["wrong-place", ({ places }) => places.splice(3, 1, places[2] as never)],
    ["wrong-place", ({ places }) => Object.assign(places[3] ?? {}, { index: "3" })],
    ["wrong-place", ({ places }) => Object.assign(places[3] ?? {}, { index: 3.5 })],
    ["malformed", ({ places }) => places.pop()],
    ["malformed", (log) => (log.hashes += "!")],
    ["not-in-log", (log) => (log.hashes += "AAAA")],
    // Two that do not name each other, in another order: the fold alone would not notice.
    ["not-in-log", (_, { statements }) => swap(statements)],
    ["wrong-place", ({ places }, { statements }) => [swap(statements), swap(places)]],
  ];
  for (const [code, change] of lies) {
    assert.throws(lie(world, change), refusal(code), change.toString());
  }
});

test("a history written anew under the log's own key is another log", async () => {
  const world = await delivered();
  const pinned = seenAt(world);
  // The last entry is another, and the log goes on.
  const ids = [...world.envelopes.slice(0, -1).map(idOf), hex(random(32)), hex(random(32))];
  const log = new Logbook(world.realm, world.log.key, ids).hold(ids, pinned.log.size);
  const ledger = Ledger.fold(world.realm, world.proof);
  Object.defineProperty(ledger, "ids", { value: ids });
  const held = (seen: Seen) => requireLogged(ledger, log, seen, "");
  assert.throws(() => held(pinned), refusal("other-log"));
  // Who has seen nothing cannot know.
  assert.equal(held(UNSEEN).log.size, ids.length);
});

test("a checkpoint of another log is refused", async () => {
  const world = await delivered();
  const stranger = new SigningKey(random(32));
  const { log } = world;
  const elsewhere = hex(seedOf("another realm"));
  const newest = log.checkpoint();
  const note = (signed: string) => lie(world, (it) => (it.note = signed));
  assert.throws(note(log.sign(newest, world.realm, stranger)), refusal("bad-signature"));
  assert.throws(note(log.sign(newest, elsewhere)), refusal("malformed"));
  assert.throws(note(log.sign({ ...newest, root: elsewhere })), refusal("not-in-log"));
  for (const none of [null, undefined]) {
    assert.throws(() => heard(world, { ...world.proof, log: none as never }, UNSEEN), refusal("not-logged"));
  }
});

test("what one has just sent may wait for the log, and nothing else", async () => {
  const world = await delivered();
  const fields = world.submitFields("second", 1, "first", "north", "ann", ["ben"]);
  const fresh = world.signed("submit", "ann", fields);
  const waiting = world.proofOf([...world.envelopes, fresh]);
  assert.equal(waiting.log?.places.at(-1), null);
  assert.equal(heard(world, waiting, UNSEEN).log.size, world.envelopes.length);
  // To anybody else it is a letter that the worker never saw.
  for (const own of ["", world.person("ben").certificate]) {
    assert.throws(() => heard(world, waiting, UNSEEN, own), refusal("not-logged"));
  }
  // A revocation held back and shown out of place.
  const target_id = world.person("coord").certificate;
  const revoke = world.signed("revoke", "lead", { target_id, reason: "left" });
  const late = world.proofOf([...world.envelopes, revoke]);
  assert.throws(() => heard(world, late, UNSEEN), refusal("not-logged"));
  const first = world.proofOf([...world.envelopes.slice(0, -1), fresh, ...world.envelopes.slice(-1)]);
  assert.throws(() => heard(world, first, UNSEEN), refusal("wrong-place"));
});

test("a letter opens only from a log that goes on from where it was seen", async () => {
  const world = await settled(1);
  const letter = await writeLetter(world, "letter", "Dear Ben");
  const seen = seenAt(world);
  const grant = await passOn(world, "letter", letter);
  const open = (pinned: Seen) => {
    const reader = { ...readerOf(world, "ben"), seen: pinned };
    const proof = world.proofOf(world.envelopes, pinned.log.size);
    return openDelivered(reader, proof, letter.submitId, { ciphertext: letter.ciphertext, grant });
  };
  const opened = await open(seen);
  assert.equal(said(opened.parts), "Dear Ben");
  assert.deepEqual(opened.seen, seenAt(world));
  const failing = (code: string) => ({ name: "CheckFailed", check: "certificates", code });
  const pinned = (size: number): Seen => ({ ...seen, log: { size, root: "0".repeat(64) } });
  await assert.rejects(open(pinned(seen.log.size)), failing("other-log"));
  await assert.rejects(open(pinned(world.envelopes.length + 1)), failing("older-log"));
});

/** The log as it grew, until after its key was replaced; how long it was before. */
async function rekeyed(): Promise<{ world: World; changed: number; stolen: SigningKey }> {
  const world = await delivered();
  const [changed, stolen] = [world.envelopes.length, world.log.key];
  await world.agency(2, idOf(world.envelopes[0] as Envelope), "archive", "second log");
  world.add("revoke", "lead", { target_id: world.person("coord").certificate, reason: "left" });
  return { world, changed, stolen };
}

test("a proof is held over a change of the log's key, from whatever was seen before", async () => {
  const { world } = await rekeyed();
  const newest = seenAt(world);
  for (let size = 1; size <= newest.log.size; size++) {
    assert.deepEqual(heard(world, world.proofOf(world.envelopes, size), seenAt(world, size)), newest);
  }
});

test("a stolen log key buys nothing from whoever knows that it was replaced", async () => {
  const { world, changed, stolen } = await rekeyed();
  const size = world.envelopes.length;
  const untold = world.envelopes.filter((it, at) => at === 0 || kindOf(it) !== "agency");
  // The log goes on as the thief likes.
  const more = world.signed("revoke", "lead", {
    target_id: world.person("ben").certificate,
    reason: "left",
  });
  const grown = new Logbook(world.realm, stolen, [...world.envelopes, more].map(idOf));
  // Or it goes back to where the stolen key was the log's own, and on from there.
  const fork = [...world.envelopes.slice(0, changed), world.envelopes.at(-1) as Envelope, more, more];
  const forked = new Logbook(world.realm, stolen, fork.map(idOf));
  const said = (statements: readonly Envelope[], log: Logbook, seen: number): Proof => ({
    root: world.root.public,
    statements,
    log: log.hold(statements.map(idOf), seen),
  });
  const onFork = fork.slice(0, changed + 1);
  for (let at = changed + 1; at <= size; at++) {
    const knows = seenAt(world, at);
    const lies: [string, Proof][] = [
      ["bad-signature", said(world.envelopes, grown, at)],
      ["older-agency", said(untold, grown, at)],
      ["older-agency", world.proofOf(untold, at)],
      ["older-agency", said(onFork, forked, at)],
    ];
    for (const [code, proof] of lies) {
      assert.throws(() => heard(world, proof, knows), refusal(code), `seen at ${at}`);
    }
  }
  // Whoever has not seen it yet goes by the first they are told of, and never back.
  const before = seenAt(world, changed);
  const told = said(world.envelopes, grown, changed);
  assert.throws(() => heard(world, told, before), refusal("bad-signature"));
  assert.deepEqual(heard(world, world.proofOf(world.envelopes, changed), before), seenAt(world));
  // Who is told nothing of it cannot know: until then the stolen key is the log's.
  assert.equal(heard(world, said(onFork, forked, changed), before).agency, before.agency);
});
