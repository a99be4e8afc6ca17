import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Untrusted } from "../src/acts/errors.ts";
import { ledgerOf } from "../src/acts/proofs.ts";
import { Keys } from "../src/keys.ts";
import { idOf, type Proof, SigningKey } from "../src/seal/index.ts";
import { type Answer, asked, keepingBrowser, serve } from "./acts_server.ts";
import { Logbook } from "./logbook.ts";
import { idFor, seedOf, settled, type World } from "./world.ts";

const ACCOUNT = "0a".repeat(16);

beforeEach(keepingBrowser);

/** Somebody of the agency's staff, and what the agency has signed. */
async function colleague(): Promise<{ readonly keys: Keys; readonly world: World; readonly ids: string[] }> {
  const world = await settled(1);
  const keys = Keys.make(ACCOUNT, new Uint8Array(32).fill(7));
  serve(() => ({ json: { version: 2 } }));
  await keys.keep((bundle) => ({ ...bundle, root: world.root.public }));
  return { keys, world, ids: world.envelopes.map(idOf) };
}

/** Answers with one proof after another, the last one again and again. */
function proving(...proofs: readonly Proof[]): void {
  let next = 0;
  serve((): Answer => ({ json: proofs[Math.min(next++, proofs.length - 1)] }));
}

test("staff are proved what they ask for, all of it in the log", async () => {
  const { keys, world, ids } = await colleague();
  const last = ids.at(-1) ?? "";
  proving(world.proofOf(world.envelopes));
  const ledger = await ledgerOf(keys, [last]);
  assert.notEqual(ledger.statement(last), undefined);
  assert.deepEqual(asked.map(({ path }) => path), [`/api/proof?of=${last}&seen=0`]);
});

test("what a server shows to staff and keeps out of the log is not believed", async () => {
  const { keys, world, ids } = await colleague();
  const last = ids.at(-1) ?? "";
  const log = new Logbook(world.realm, new SigningKey(seedOf("log")), ids.slice(0, -1));
  const proof = world.proofOf(world.envelopes);
  const cases: [string, Proof][] = [
    ["not-logged", { ...proof, log: null }],
    ["not-in-log", { ...proof, log: { ...log.hold(ids.slice(0, -1)), places: proof.log?.places ?? [] } }],
    ["missing-statement", world.proofOf(world.envelopes.slice(0, -1))],
  ];
  for (const [code, lie] of cases) {
    proving(lie);
    const refused = (error: unknown) => error instanceof Untrusted && error.code === code;
    await assert.rejects(ledgerOf(keys, [last]), refused, code);
  }
});

/**
 * More invitations than one proof is asked for, and their signer has left since. `answering` gives what
 * a server proves of some of them: those, all they rest on, and what has ended it.
 */
async function longLived() {
  const { keys, world, ids: before } = await colleague();
  const invites = Array.from({ length: 130 }, (_, i) =>
    world.add("invite", "coord", { ...world.inviteFields("cai", "birth-parent", "first"), invite: idFor(`${i}`) }),
  );
  const left = world.add("revoke", "lead", { target_id: world.person("coord").certificate, reason: "left" });
  const answering = (change = (proof: Proof, _seen: number): Proof => proof) => {
    serve(({ path }): Answer => {
      const asking = new URL(path, "https://letters.example").searchParams;
      const known = [...before, ...(asking.get("of") ?? "").split(","), left];
      const proved = world.envelopes.filter((each) => known.includes(idOf(each)));
      const seen = Number(asking.get("seen"));
      return { json: change(world.proofOf(proved, seen), seen) };
    });
  };
  return { keys, world, invites, answering };
}

test("more statements than one proof is asked for are proved in parts and folded in the log's order", async () => {
  const { keys, world, invites, answering } = await longLived();
  answering();
  // The newest first: put one after another, the older would come after their signer had left.
  const ledger = await ledgerOf(keys, [...invites].reverse());
  for (const id of invites) assert.notEqual(ledger.statement(id), undefined);
  assert.deepEqual(ledger.ids, world.envelopes.map(idOf));
  const wanted = asked.map(({ path }) => new URL(path, "https://letters.example").searchParams);
  assert.deepEqual(wanted.map((each) => each.get("of")?.split(",").length), [64, 64, 2]);
  const size = String(world.envelopes.length);
  assert.deepEqual(wanted.map((each) => each.get("seen")), ["0", size, size]);
});

test("parts of a proof that are not of one log are not believed", async () => {
  const { keys, world, invites, answering } = await longLived();
  // Signed by the same key and as long, with two of the first part's statements the other way round.
  const [first = "", second = ""] = invites;
  const swapped = world.envelopes.map(idOf).map((id) => (id === first ? second : id === second ? first : id));
  const another = new Logbook(world.realm, new SigningKey(seedOf("log")), swapped);
  answering(({ root, statements }, seen) => {
    const isFirst = statements.some((each) => idOf(each) === first);
    const log = (isFirst ? world.log : another).hold(statements.map(idOf), seen);
    return { root, statements, log };
  });
  const refused = (error: unknown) => error instanceof Untrusted && error.code === "other-log";
  await assert.rejects(ledgerOf(keys, invites), refused);
  assert.equal(asked.length, 2);
});

test("what was signed a moment ago is asked for again until the log has it, and not for ever", async ({ mock }) => {
  const { keys, world, ids } = await colleague();
  const last = ids.at(-1) ?? "";
  const early = new Logbook(world.realm, new SigningKey(seedOf("log")), ids.slice(0, -1));
  const proof = world.proofOf(world.envelopes);
  const waits = { ...proof, log: early.hold(ids) };
  // The pause is over as soon as it begins.
  mock.method(globalThis, "setTimeout", (go: () => void) => queueMicrotask(go));
  proving(waits, waits, proof);
  assert.notEqual((await ledgerOf(keys, [last])).statement(last), undefined);
  assert.equal(asked.length, 3);
  proving(waits);
  await assert.rejects(ledgerOf(keys, [last]), (error: unknown) => error instanceof Untrusted);
  assert.equal(asked.length, 20);
});
