/**
 * An arrangement on its way to another team, past a server that lies: what the one lead sends, the other
 * can take; and nothing leaves either browser on ground that the log does not show.
 */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openArrangement, type OpenedArrangement } from "../src/acts/arranging.ts";
import { parseTeamNotes } from "../src/acts/card.ts";
import { giveAway, openOffer, take } from "../src/acts/moving.ts";
import type * as Api from "../src/api_types.ts";
import { base64, type Envelope, hash, idOf, Ledger, openDocument, sealDocument } from "../src/seal/index.ts";
import { unbase64 } from "../src/seal/bytes.ts";
import { notesOf, typedOf } from "../src/pages/staff/people/plan_form.ts";
import { type Answer, asked, keepingBrowser, serve } from "./acts_server.ts";
import { epochsOf, staffKeys } from "./desk_server.ts";
import { FAMILY, hybridIdentity, idFor, sealKey, settled, type World } from "./world.ts";

const FIRST = idFor("first");
const CARD = { name: "Ben", relationship: "birth-parent", phone: "01632 960 456" };
const PLAN = {
  v: 1,
  people: [],
  children: ["Liam"],
  months: {},
  photos: false,
  reviewed_on: "2026-05-01",
  next_review_on: "2027-05-01",
  rules: [],
} as const;
const NOTES = { v: 1, protected: ["Hillside"], history: "Known for years." } as const;

/** What the server answers, true; a test changes one thing. */
interface Truth {
  arrangement: Partial<Api.WholeArrangement>;
  teams: readonly Pick<Api.Team, "team" | "epoch">[];
  offer: Partial<Api.WholeMove>;
}

interface Scene {
  readonly world: World;
  readonly truth: Truth;
  /** The lead of the team that has it, and the arrangement as they opened it. */
  readonly opened: OpenedArrangement;
  readonly lead: Awaited<ReturnType<typeof staffKeys>>;
}

const sealed = (world: World, kind: "plan" | "notes", n: number, what: unknown, keys: readonly string[]) =>
  sealDocument({ realm: world.realm, kind, subject: FIRST, n }, JSON.stringify(what), keys);

/** Two teams with a key each; the plan and the notes of "first" are real files. */
async function scene(): Promise<Scene> {
  const world = await settled();
  await world.manager("south lead", ["lead"], "south");
  await world.epoch("south", "south lead");
  const north = [await sealKey("epoch north 1"), await sealKey("archive")];
  const plan = await sealed(world, "plan", 2, PLAN, north);
  const notes = await sealed(world, "notes", 2, NOTES, north);
  const fields = world.arrangementFields("first", 2, "north", 1, FAMILY);
  const version = world.add("arrangement", "coord", { ...fields, plan_hash: hash(plan), notes_hash: hash(notes) });
  world.latest.set("first", version);
  const truth: Truth = {
    arrangement: { n: 2, plan: base64(plan), notes: base64(notes), cards: [] },
    teams: [{ team: idFor("south"), epoch: world.latest.get("epoch south") ?? "" }],
    offer: {},
  };
  const epochs = { north: await epochsOf(world, "lead"), south: await epochsOf(world, "south lead", "south") };
  serve(({ method, path }): Answer => {
    const { pathname, searchParams } = new URL(path, "https://letterbox.example");
    const proof = world.proofOf(world.envelopes, Number(searchParams.get("seen")));
    if (pathname === `/api/arrangements/${FIRST}`) return { json: { ...truth.arrangement, proof } };
    if (pathname === "/api/teams") return { json: truth.teams };
    if (pathname.endsWith(`${idFor("north")}/epochs`)) return { json: epochs.north };
    if (pathname.endsWith(`${idFor("south")}/epochs`)) return { json: epochs.south };
    if (pathname === "/api/proof") return { json: proof };
    if (pathname === "/api/invites") return { json: [] };
    if (pathname.startsWith("/api/moves/")) return { json: { proof, ...truth.offer } };
    if (method === "PUT" || pathname === "/api/arrangements") return { json: {} };
    throw new Error(`${method} ${path}`);
  });
  const lead = await staffKeys(world, "lead");
  const found = await openArrangement(lead, FIRST);
  return { world, truth, lead, opened: { ...found, cards: new Map([[idFor("ben"), CARD]]) } };
}

const sent = () =>
  asked
    .filter(({ method, path }) => method === "POST" && path === "/api/arrangements")
    .map(({ body }) => body as Api.NewVersion);

/** Offered and logged; the lead of the other team is here. */
async function offered() {
  const found = await scene();
  const first = await giveAway(found.lead, found.opened, idFor("south"));
  const [body] = sent();
  assert.ok(body !== undefined);
  found.world.push(body.statement as Envelope);
  found.truth.offer = { plan: body.plan, notes: body.notes };
  asked.length = 0;
  return { ...found, first, body, taker: await staffKeys(found.world, "south lead") };
}

beforeEach(keepingBrowser);

test("the other team's lead opens what was offered, with the cards, and takes the very same", async () => {
  const { world, first, body, taker } = await offered();
  const offer = await openOffer(taker, first);
  assert.deepEqual([offer.plan, offer.staff], [PLAN, idFor("staff lead")]);
  assert.deepEqual(offer.notes, { ...NOTES, cards: { [idFor("ben")]: CARD } });
  const second = await take(taker, offer);
  const [taken] = sent();
  assert.deepEqual([taken?.plan, taken?.notes], [body.plan, body.notes]);
  world.push(taken?.statement as Envelope);
  const governing = Ledger.fold(world.realm, world.proof).governingArrangement(FIRST);
  assert.deepEqual([governing?.id, governing?.body.team], [second, idFor("south")]);
});

test("the notes of an offer open to the team it is for and to no other; the plan to its readers too", async () => {
  const { world, body } = await offered();
  const where = (kind: "plan" | "notes") => ({ realm: world.realm, kind, subject: FIRST, n: 3 });
  const open = (file: string, kind: "plan" | "notes", who: string) =>
    openDocument(unbase64(file), hybridIdentity(who), where(kind));
  await open(body.notes, "notes", "epoch south 1");
  await open(body.plan, "plan", "ben");
  for (const who of ["epoch north 1", "ben"]) await assert.rejects(open(body.notes, "notes", who));
  await assert.rejects(open(body.plan, "plan", "epoch north 1"));
});

test("a change to the plan keeps the cards that came with the arrangement", () => {
  const notes = parseTeamNotes(JSON.stringify({ ...NOTES, cards: { [idFor("ben")]: CARD } }));
  const typed = { ...typedOf(PLAN, notes), history: "Known for longer." };
  assert.deepEqual(notesOf(typed, notes), { ...notes, history: "Known for longer." });
});

for (const [name, lie] of Object.entries<(found: Scene) => void>({
  "another team's key in the place of theirs": ({ truth, world }) => {
    truth.teams = [{ team: idFor("south"), epoch: world.latest.get("epoch north") ?? "" }];
  },
  "no key at all": ({ truth }) => {
    truth.teams = [{ team: idFor("south"), epoch: null }];
  },
  "a statement that is no key": ({ truth, world }) => {
    truth.teams = [{ team: idFor("south"), epoch: world.latest.get("first") ?? "" }];
  },
})) {
  test(`nothing is offered on a lie: ${name}`, async () => {
    const found = await scene();
    lie(found);
    await assert.rejects(giveAway(found.lead, found.opened, idFor("south")));
    assert.deepEqual(sent(), []);
  });
}

type Offered = Awaited<ReturnType<typeof offered>>;

for (const [name, lie] of Object.entries<(found: Offered) => Promise<string> | string>({
  "another plan": async ({ truth, world, first }) => {
    const other = await sealed(world, "plan", 3, { ...PLAN, photos: true }, [await sealKey("epoch south 1")]);
    truth.offer = { ...truth.offer, plan: base64(other) };
    return first;
  },
  "the notes in the place of the plan": ({ truth, first }) => {
    truth.offer = { ...truth.offer, plan: truth.offer.notes ?? "" };
    return first;
  },
  "the version that governs, as if it were an offer": ({ world }) => world.latest.get("first") ?? "",
  "an offer that another version has taken back": ({ world, first }) => {
    world.arrangement("first", "coord", 3, "north", 1, FAMILY);
    return first;
  },
  "a statement that is no arrangement": ({ world }) => world.latest.get("epoch south") ?? "",
  "the offer left out of its proof": ({ world, truth, first }) => {
    const rest = world.envelopes.filter((each) => idOf(each) !== first);
    truth.offer = { ...truth.offer, proof: world.proofOf(rest) };
    return first;
  },
  "an offer that is not in the log": ({ world, truth, first }) => {
    truth.offer = { ...truth.offer, proof: { ...world.proof, log: null } };
    return first;
  },
})) {
  test(`nothing is shown of an offer that is a lie: ${name}`, async () => {
    const found = await offered();
    const statement = await lie(found);
    await assert.rejects(openOffer(found.taker, statement));
  });
}
