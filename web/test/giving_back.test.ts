/**
 * Giving letters back, against a server that lies: whatever it puts into the place of something else,
 * no statement leaves, and no grant for keys that the verified record does not name.
 */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { agreeToGiveBack, type LostLetter, proposeGivingBack } from "../src/acts/giving_back.ts";
import type * as Api from "../src/api_types.ts";
import type { Keys } from "../src/keys.ts";
import { base64, hash, idOf, openGrant, type Proof, readEnvelope } from "../src/seal/index.ts";
import { unbase64 } from "../src/seal/bytes.ts";
import { replace } from "./acts.ts";
import { type Answer, asked, keepingBrowser, serve } from "./acts_server.ts";
import { epochsOf, openedLetter, staffKeys } from "./desk_server.ts";
import { passOn, writeLetter } from "./letterbox.ts";
import { FAMILY, hybridIdentity, idFor, settled, type World } from "./world.ts";

const BEN = idFor("ben");

/** Everything a server answers on the way, true; a test changes one thing. */
interface Truth {
  readonly lost: LostLetter;
  opened: Api.OpenedLetter;
  proof: Proof;
  epochs: Api.Epoch[];
}

interface Scene {
  readonly world: World;
  readonly truth: Truth;
  readonly keys: Keys;
  readonly oldCertificate: string;
}

/** Ben has lost everything and has new keys; "coord" would give him his letter back, "other" is here. */
async function scene(isAsked: boolean): Promise<Scene> {
  const world = await settled(1, "other");
  const letter = await writeLetter(world, "letter", "Dear Ben");
  await passOn(world, "letter", letter);
  const oldCertificate = world.person("ben").certificate;
  await replace(world, "ben", "other");
  world.arrangement("first", "coord", 2, "north", 1, FAMILY);
  const certificate = world.person("ben").certificate;
  const decision = world.latest.get("decision letter") ?? "";
  const fields = { decision_id: decision, membership: BEN, cert_id: certificate, grant_hash: "" } as const;
  const first = isAsked ? world.add("reseal", "coord", { ...fields, reason: "lost", prior: "" }) : null;
  const truth: Truth = {
    lost: {
      letter: idFor("letter"),
      statement: letter.submitId,
      decision,
      team: idFor("north"),
      direction: "received",
      certificate,
      decided_at: "2026-06-09T12:00:00Z",
      first: first === null ? null : { statement: first, staff: idFor("staff coord"), at: "2026-06-10T12:00:00Z" },
      agreed: false,
    },
    opened: openedLetter(world, "letter", letter),
    proof: world.proof,
    epochs: await epochsOf(world, "other"),
  };
  return { world, truth, keys: await keysOf(world, truth), oldCertificate };
}

/** The second coordinator's, open; from here on the server answers `truth`. */
async function keysOf(world: World, truth: Truth): Promise<Keys> {
  const answer = ({ method, path }: { method: string; path: string }): Answer => {
    const [where] = path.split("?");
    if (where?.endsWith("/open")) return { json: truth.opened };
    if (where?.endsWith("/proof")) return { json: truth.proof };
    if (where?.endsWith("/epochs")) return { json: truth.epochs };
    if (method === "PUT" || where === "/api/reseals") return { json: {} };
    throw new Error(`${method} ${path}`);
  };
  serve(answer);
  return staffKeys(world, "other");
}

const sent = () => asked.filter(({ path }) => path === "/api/reseals").map(({ body }) => body as Api.NewResealBody);

beforeEach(keepingBrowser);

test("the first says which letter, to the keys that the arrangement names", async () => {
  const { keys, truth, world } = await scene(false);
  await proposeGivingBack(keys, truth.lost, BEN, "lost");
  const [body] = sent();
  assert.equal(body?.grant ?? null, null);
  const said = readEnvelope(body?.statement).statement.body;
  assert.ok("cert_id" in said && said.cert_id === world.person("ben").certificate);
});

test("the second seals the letter's key to the new certificate, and to no other", async () => {
  const { keys, truth, world } = await scene(true);
  await agreeToGiveBack(keys, truth.lost, BEN);
  const [body] = sent();
  const grant = unbase64(body?.grant ?? "");
  const where = { realm: world.realm, letter: idFor("letter"), rev: 1, grantee: BEN };
  assert.ok((await openGrant(grant, hybridIdentity("ben"), where)).startsWith("AGE-SECRET-KEY-1"));
  const said = readEnvelope(body?.statement).statement.body;
  assert.ok("grant_hash" in said && said.grant_hash === hash(grant));
  assert.ok(asked.some(({ path }) => path.includes("/open")), "it went on record first");
});

/** Puts one thing in the place of another. */
type Lie = (scene: Scene) => void;

const edited = (proof: Proof, kind: string, change: (body: Record<string, unknown>) => void): Proof => ({
  ...proof,
  statements: proof.statements.map((each) => {
    if (!each.payloadType.includes(`.${kind}.`)) return each;
    const body = JSON.parse(new TextDecoder().decode(unbase64(each.payload)));
    change(body);
    return { ...each, payload: base64(new TextEncoder().encode(JSON.stringify(body))) };
  }),
});
const without = (world: World, kind: string): Proof =>
  world.proofOf(world.envelopes.filter((each) => !each.payloadType.includes(`.${kind}.`)));
const certificateOf = (name: string, world: World) => world.person(name).certificate;

const LIES: Readonly<Record<string, Lie>> = {
  "another member's certificate in the list": ({ truth, world }) =>
    Object.assign(truth.lost, { certificate: certificateOf("ann", world) }),
  "the lost certificate in the list": ({ truth, oldCertificate }) =>
    Object.assign(truth.lost, { certificate: oldCertificate }),
  "another letter's statement": ({ truth, world }) =>
    Object.assign(truth.lost, { statement: world.latest.get("first") ?? "" }),
  "another member's certificate in the arrangement": ({ truth, world }) => {
    const swap = (body: Record<string, unknown>) => {
      for (const member of body["members"] as { membership: string; cert_id: string }[]) {
        if (member.membership === BEN) member.cert_id = certificateOf("ann", world);
      }
    };
    truth.proof = edited(truth.proof, "arrangement", swap);
    truth.opened = { ...truth.opened, proof: edited(truth.opened.proof, "arrangement", swap) };
    Object.assign(truth.lost, { certificate: certificateOf("ann", world) });
  },
  "the version held back that names the new keys": ({ truth, world }) => {
    const old = world.proofOf(world.envelopes.filter((each) => idOf(each) !== world.latest.get("first")));
    truth.proof = old;
    truth.opened = { ...truth.opened, proof: old };
  },
  "a record without a log": ({ truth }) => {
    truth.proof = { ...truth.proof, log: null };
    truth.opened = { ...truth.opened, proof: { ...truth.opened.proof, log: null } };
  },
  "the decision left out": ({ truth, world }) => {
    truth.proof = without(world, "decision");
    truth.opened = { ...truth.opened, proof: truth.proof };
  },
};

for (const [name, lie] of Object.entries(LIES)) {
  test(`nothing is sent by the first of two: ${name}`, async () => {
    const found = await scene(false);
    lie(found);
    await assert.rejects(proposeGivingBack(found.keys, found.truth.lost, BEN, "lost"));
    assert.deepEqual(sent(), []);
  });

  test(`nothing is sent by the second of two: ${name}`, async () => {
    const found = await scene(true);
    lie(found);
    await assert.rejects(agreeToGiveBack(found.keys, found.truth.lost, BEN));
    assert.deepEqual(sent(), []);
  });
}

test("nothing is sent in agreement with nobody, with oneself, or for somebody else", async () => {
  const nobody = await scene(true);
  const { lost } = nobody.truth;
  const decision = { ...lost, first: { ...lost.first, statement: lost.decision } as Api.FirstReseal };
  await assert.rejects(agreeToGiveBack(nobody.keys, { ...lost, first: null }, BEN));
  await assert.rejects(agreeToGiveBack(nobody.keys, decision, BEN));
  await assert.rejects(agreeToGiveBack(nobody.keys, lost, idFor("ann")));
  assert.deepEqual(sent(), []);

  const own = await scene(false);
  const fields = { decision_id: own.truth.lost.decision, membership: BEN, grant_hash: "", reason: "lost", prior: "" };
  const cert_id = certificateOf("ben", own.world);
  const first = own.world.add("reseal", "other", { ...fields, reason: "lost", cert_id });
  own.truth.opened = { ...own.truth.opened, proof: own.world.proof };
  const said = { ...own.truth.lost, first: { statement: first, staff: "", at: "" } };
  await assert.rejects(agreeToGiveBack(own.keys, said, BEN), { code: "same-person" });
  assert.deepEqual(sent(), []);
});

test("a letter's key that is another's is given to nobody", async () => {
  const { keys, truth, world } = await scene(true);
  const other = await writeLetter(world, "another", "Dear Ben, another");
  truth.opened = { ...truth.opened, grant: base64(other.grants.epoch) };
  await assert.rejects(agreeToGiveBack(keys, truth.lost, BEN));
  assert.deepEqual(sent(), []);
});
