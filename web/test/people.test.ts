/** How far somebody has come, who may have been left out, and what was typed from a card. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Plan } from "../src/acts/plan.ts";
import type * as Api from "../src/api_types.ts";
import { firstWrong } from "../src/pages/admin/joining/compare.ts";
import { asText, fromText } from "../src/pages/admin/root_text.ts";
import { isDay, yearsLater } from "../src/pages/staff/people/days.ts";
import { stageOf } from "../src/pages/staff/people/following.ts";
import { isStopped, knownPlaces, renewalOf, waitOf } from "../src/pages/staff/people/renewal.ts";
import { childrenElsewhere, unnamedSiblings } from "../src/pages/staff/people/siblings.ts";

const MEMBERSHIP = "a".repeat(32);
const NOW = new Date("2026-06-10T12:00:00Z");
const place = (certificate: string) => ({ membership: MEMBERSHIP, side: "b", certificate, read: true, write: true });

const invite = (part: Partial<Api.Invite>): Api.Invite => ({
  invite: "1".repeat(32),
  statement: "2".repeat(64),
  role: "birth-parent",
  membership: MEMBERSHIP,
  arrangement: "3".repeat(32),
  status: "made",
  made_at: "2026-06-09T12:00:00Z",
  expires_at: "2026-06-23T12:00:00Z",
  certificates: [],
  ...part,
});

const WAIT = { hours: 72, met: 24 };

const certifying = (statement: string, verdict: string, in_force: boolean, ended = false) => ({
  statement,
  met: false,
  verdict,
  in_force,
  ended,
  judged_at: verdict === "waiting" ? null : "2026-06-09T12:00:00Z",
});

test("a place goes from paper to online, whatever the page was closed in between", () => {
  const at = (invites: Api.Invite[], certificate = "") => stageOf(place(certificate), invites, NOW).at;
  assert.equal(at([]), "paper");
  assert.equal(at([invite({ membership: "b".repeat(32) })]), "paper");
  assert.equal(at([invite({})]), "made");
  assert.equal(at([invite({ made_at: "2026-06-03T12:00:00Z" })]), "unopened");
  assert.equal(at([invite({ status: "run_out" })]), "run-out");
  assert.equal(at([invite({ status: "joined" })]), "joined");
  assert.equal(at([invite({ status: "joined", certificates: [certifying("c", "waiting", false)] })]), "verifying");
  assert.equal(at([invite({ status: "joined", certificates: [certifying("c", "quarantined", false)] })]), "joined");
  const certified = invite({ status: "certified", certificates: [certifying("c", "logged", true)] });
  assert.equal(at([certified]), "certified");
  assert.equal(at([certified], "c"), "online");
  // A newer sheet that nobody used does not hide that somebody joined with the older one.
  assert.equal(at([invite({}), certified]), "certified");
  assert.equal(at([invite({}), invite({ status: "joined" })]), "joined");
  // New keys in the place of old ones.
  const renewed = invite({ status: "certified", certificates: [certifying("d", "logged", true)] });
  assert.deepEqual(stageOf(place("c"), [renewed], NOW), { at: "certified", invite: renewed, certificate: "d" });
  // Certified long ago: its invitation is on no page any more.
  assert.equal(at([], "c"), "online");
});

test("new keys go from a sheet to two certificates, three days and the arrangement", () => {
  const before = invite({ invite: "0".repeat(32), status: "certified", certificates: [certifying("c", "logged", true)] });
  const of = (...newer: Api.Invite[]) => renewalOf(place("c"), [...newer, before], WAIT, NOW);
  const used = (...certificates: Api.Certifying[]) => invite({ status: "joined", certificates });
  assert.equal(of().at, "none");
  assert.equal(of(invite({})).at, "made");
  assert.equal(of(invite({ status: "run_out" })).at, "run-out");
  assert.equal(of(used()).at, "joined");
  assert.equal(of(used(certifying("d", "waiting", false))).at, "verifying");
  const first = certifying("d", "logged", false);
  assert.deepEqual(of(used(first)), { at: "first", invite: used(first), first: "d" });
  const counting = of(used(first, certifying("e", "waiting", false)));
  assert.ok(counting.at === "counting");
  assert.equal(counting.from.toISOString(), "2026-06-12T12:00:00.000Z");
  // Both have signed that they were seen.
  const seen = of(used({ ...first, met: true }, { ...certifying("e", "waiting", false), met: true }));
  assert.ok(seen.at === "counting");
  assert.equal(seen.from.toISOString(), "2026-06-10T12:00:00.000Z");
  // What the worker refused leaves it where it was.
  assert.equal(of(used(first, certifying("e", "quarantined", false))).at, "first");
  const done = invite({ status: "certified", certificates: [first, certifying("e", "logged", true)] });
  const ended = { ...before, certificates: [certifying("c", "logged", false, true)] };
  assert.deepEqual(renewalOf(place("c"), [done, ended], WAIT, NOW), { at: "certified", invite: done, certificate: "e" });
  assert.equal(renewalOf(place("e"), [done, ended], WAIT, NOW).at, "none");
  // A sheet of earlier days is not listed for ever.
  assert.equal(renewalOf(place("c"), [invite({})], WAIT, NOW).at, "made");
  assert.deepEqual(knownPlaces([done, ended]), [
    { membership: MEMBERSHIP, arrangement: "3".repeat(32), certificate: "e", renewedAt: "2026-06-09T12:00:00Z" },
  ]);
});

test("old keys that object stop new ones, until a newer sheet begins again", () => {
  const before = invite({ status: "certified", certificates: [certifying("c", "logged", true)] });
  const stopped = invite({ status: "joined", certificates: [certifying("d", "logged", false, true)] });
  assert.equal(renewalOf(place("c"), [stopped, before], WAIT, NOW).at, "objected");
  assert.equal(renewalOf(place("c"), [invite({}), stopped, before], WAIT, NOW).at, "made");
  // One that nobody has used yet does not hide what goes on.
  const used = invite({ status: "joined" });
  assert.equal(renewalOf(place("c"), [invite({}), used, before], WAIT, NOW).at, "joined");
});

test("keys that a team manager stopped are shown as stopped, until there are new ones", () => {
  const stopped = invite({ status: "certified", certificates: [certifying("c", "logged", false, true)] });
  assert.ok(isStopped(MEMBERSHIP, [stopped]));
  assert.equal(stageOf(place("c"), [stopped], NOW).at, "stopped");
  assert.equal(renewalOf(place("c"), [stopped], WAIT, NOW).at, "none");
  const again = invite({ status: "certified", certificates: [certifying("d", "logged", true)] });
  assert.ok(!isStopped(MEMBERSHIP, [again, stopped]));
  assert.ok(!isStopped(MEMBERSHIP, []));
});

test("an agency may have people wait longer for new keys, never less", () => {
  const agency = (policy: Api.Agency["policy"]) => ({ policy }) as Api.Agency;
  assert.deepEqual(waitOf(null), WAIT);
  const less = { recovery_hours: 24, recovery_hours_in_person: 1 };
  assert.deepEqual(waitOf(agency({ notices: less })), WAIT);
  const more = { recovery_hours: 120, recovery_hours_in_person: 48 };
  assert.deepEqual(waitOf(agency({ notices: more })), { hours: 120, met: 48 });
});

const plan = (children: string[], ...parents: string[]): Plan => ({
  v: 1,
  people: parents.map((name) => ({ membership: MEMBERSHIP, side: "a", name, role: "adoptive-parent", signs: name })),
  children,
  months: {},
  photos: false,
  reviewed_on: "2026-01-01",
  next_review_on: "2027-01-01",
  rules: [],
});

test("a brother or sister who is not named is noticed", () => {
  const people = [
    { role: "sibling", name: "Liam " },
    { role: "adopted-person", name: "Jamie" },
    { role: "birth-parent", name: "Kerry" },
    { role: "sibling", name: "" },
  ];
  assert.deepEqual(unnamedSiblings(people, ["jamie"]), ["Liam"]);
  assert.deepEqual(unnamedSiblings(people, ["Jamie", "Liam"]), []);
});

test("a child of the same parents in another plan is noticed, once", () => {
  const mine = plan(["Jamie"], "Beth", "Tom");
  assert.deepEqual(childrenElsewhere(mine, [plan(["Liam"], "tom", "Beth"), plan(["Liam"], "Beth", "Tom")]), ["Liam"]);
  assert.deepEqual(childrenElsewhere(mine, [plan(["Liam"], "Beth")]), []);
  assert.deepEqual(childrenElsewhere(plan(["Jamie"]), [plan(["Liam"])]), []);
});

test("words from a card count whatever their spaces and capitals", () => {
  const card = ["crouch", "humid", "tremble"];
  assert.equal(firstWrong(card, " CROUCH  humid\ntremble. "), null);
  assert.equal(firstWrong(card, "crouch tremble humid"), 2);
  assert.equal(firstWrong(card, "crouch humid"), 3);
  assert.equal(firstWrong(card, "crouch humid tremble more"), 3);
});

test("the root comes back from paper as it went", () => {
  const file = Uint8Array.from({ length: 77 }, (_, at) => (at * 37) % 256);
  assert.deepEqual(fromText(asText(file).toUpperCase().replaceAll(" ", "\n")), file);
  for (const wrong of ["", "abc", "zz", asText(file) + "0"]) assert.equal(fromText(wrong), null);
});

test("days are days that exist", () => {
  assert.ok(isDay("2028-02-29"));
  for (const wrong of ["2027-02-29", "2027-13-01", "27-01-01", ""]) assert.ok(!isDay(wrong), wrong);
  assert.equal(yearsLater("2026-06-10", 3), "2029-06-10");
  assert.equal(yearsLater("2028-02-29", 1), "2029-03-01");
});
