/** Deciding: what the rules would refuse is never signed and sent; the letter stays where it is. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openOnDesk, type OnDesk, sealDecision } from "../src/acts/checking.ts";
import { Untrusted } from "../src/acts/errors.ts";
import type { Keys } from "../src/keys.ts";
import { type Answer, keepingBrowser, serve } from "./acts_server.ts";
import { epochsOf, openedLetter, staffKeys } from "./desk_server.ts";
import { writeLetter } from "./letterbox.ts";
import { FAMILY, idFor, settled, type World } from "./world.ts";

interface Scene {
  readonly keys: Keys;
  readonly desk: OnDesk;
}

/** Ann's letter on the desk of "coord", after whatever else has happened to it. */
async function onDesk(happened: (world: World) => void): Promise<Scene> {
  const world = await settled(1, "other");
  const letter = await writeLetter(world, "letter", "Dear Ben");
  happened(world);
  const [epochs, opened] = [await epochsOf(world, "coord"), openedLetter(world, "letter", letter)];
  serve(({ method, path }): Answer => {
    const [where] = path.split("?");
    if (where?.endsWith("/open")) return { json: opened };
    if (where?.endsWith("/epochs")) return { json: epochs };
    if (method === "PUT") return { json: {} };
    throw new Error(`${method} ${path}`);
  });
  const keys = await staffKeys(world, "coord");
  return { keys, desk: await openOnDesk(keys, idFor("letter"), "check") };
}

const refusedWith = (code: string) => (error: unknown) => error instanceof Untrusted && error.code === code;

beforeEach(keepingBrowser);

test("a letter whose writer may not write any more is kept or sent back, and not passed on", async () => {
  const silenced = FAMILY.map((place) => (place.name === "ann" ? { ...place, write: false } : place));
  const { keys, desk } = await onDesk((world) => world.arrangement("first", "coord", 2, "north", 1, silenced));
  assert.equal(desk.authorMayWrite, false);
  await assert.rejects(sealDecision(keys, desk, "deliver", "fits-plan", []), refusedWith("no-write-right"));
  await sealDecision(keys, desk, "keep", "hurtful", []);
  await sealDecision(keys, desk, "change", "tone", []);
});

test("a checker sees that a letter will wait for somebody who has no keys now", async () => {
  const { keys, desk } = await onDesk((world) => {
    world.add("revoke", "lead", { target_id: world.person("ben").certificate, reason: "compromised" });
  });
  assert.equal(desk.waitsForKeys, true);
  assert.deepEqual(desk.next("deliver").readers, []);
  await sealDecision(keys, desk, "deliver", "fits-plan", []);
});

test("nobody agrees with themselves", async () => {
  const { keys, desk } = await onDesk((world) => world.decide("coord", "letter", "first", "keep", 1));
  await assert.rejects(sealDecision(keys, desk, "keep", "hurtful", []), refusedWith("same-person"));
});

test("a decision that was undone is made anew", async () => {
  const { keys, desk } = await onDesk(() => undefined);
  assert.deepEqual([desk.authorMayWrite, desk.waitsForKeys], [true, false]);
  await sealDecision(keys, desk, "deliver", "fits-plan", []);
  const again = await sealDecision(keys, desk, "deliver", "fits-plan", []);
  assert.ok(again.isFinal);
});
