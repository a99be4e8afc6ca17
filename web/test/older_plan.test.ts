/**
 * A server that goes back to an older plan, in which somebody is still a reader who has since been
 * taken out. Every statement is genuine and in the log: only what was seen before tells.
 */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openOnDesk, sealDecision } from "../src/acts/checking.ts";
import { Untrusted } from "../src/acts/errors.ts";
import { pin, standing } from "../src/acts/standing.ts";
import type { Keys } from "../src/keys.ts";
import { type Envelope, readEnvelope } from "../src/seal/index.ts";
import { type Answer, keepingBrowser, serve } from "./acts_server.ts";
import { epochsOf, openedLetter, staffKeys } from "./desk_server.ts";
import { writeLetter } from "./letterbox.ts";
import { FAMILY, hashFor, idFor, settled } from "./world.ts";

const BEN = idFor("ben");
const refusedWith = (code: string) => (error: unknown) => error instanceof Untrusted && error.code === code;

/** Ann wrote to Ben; the plan's second version has no letters for him. The server may hold it back. */
async function scene() {
  const world = await settled();
  const letter = await writeLetter(world, "letter", "Dear Ben");
  const older = [...world.envelopes];
  const deaf = FAMILY.map((place) => (place.name === "ben" ? { ...place, read: false } : place));
  world.arrangement("first", "coord", 2, "north", 1, deaf);
  const [epochs, opened] = [await epochsOf(world, "coord"), openedLetter(world, "letter", letter)];
  const server = { isHonest: true };
  serve(({ method, path }): Answer => {
    const { pathname, searchParams } = new URL(path, "https://letterbox.example");
    const shown: readonly Envelope[] = server.isHonest ? world.envelopes : older;
    const proof = world.proofOf(shown, Number(searchParams.get("seen")));
    if (pathname.endsWith("/open")) return { json: { ...opened, proof } };
    if (pathname.endsWith("/epochs")) return { json: epochs };
    if (pathname.startsWith("/api/arrangements/")) {
      return { json: { n: server.isHonest ? 2 : 1, plan: null, notes: null, cards: [], proof } };
    }
    if (method === "PUT") return { json: {} };
    throw new Error(`${method} ${path}`);
  });
  return { world, server, keys: await staffKeys(world, "coord") };
}

const check = (keys: Keys) => openOnDesk(keys, idFor("letter"), "check");

beforeEach(keepingBrowser);

test("whoever checked a letter under a plan opens none under an older one", async () => {
  const { keys, server } = await scene();
  assert.deepEqual((await check(keys)).next("deliver").readers, []);
  server.isHonest = false;
  await assert.rejects(check(keys), refusedWith("older-arrangement"));
  await assert.rejects(standing(keys, idFor("first")), refusedWith("older-arrangement"));
});

test("whoever saw a plan opens no letter under an older one", async () => {
  const { keys, server } = await scene();
  await pin(keys, [await standing(keys, idFor("first"))]);
  server.isHonest = false;
  await assert.rejects(check(keys), refusedWith("older-arrangement"));
  await assert.rejects(standing(keys, idFor("first")), refusedWith("older-arrangement"));
});

test("a plan held back is genuine to whoever never saw a newer one: nothing else tells", async () => {
  const { keys, server, world } = await scene();
  server.isHonest = false;
  const desk = await check(keys);
  assert.deepEqual(desk.next("deliver").readers, [BEN]);
  // What is decided then is refused by the worker, which has the newer plan in its log.
  const sealed = await sealDecision(keys, desk, "deliver", "fits-plan", []);
  const { body } = readEnvelope(sealed.body.statement).statement;
  assert.ok("arrangement_id" in body && body.arrangement_id !== world.latest.get("first"));
});

test("another plan of the same number is not the one that was seen", async () => {
  const { keys } = await scene();
  const pinned = { arrangement: idFor("first"), n: 2, statement: hashFor("another plan") };
  await keys.keep((bundle) => ({ ...bundle, pins: { ...bundle.pins, arrangements: [pinned] } }));
  await assert.rejects(standing(keys, idFor("first")), refusedWith("other-arrangement"));
});
