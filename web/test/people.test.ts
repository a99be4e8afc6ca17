/** How far somebody has come, who may have been left out, and what was typed from a card. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Plan } from "../src/acts/plan.ts";
import type * as Api from "../src/api_types.ts";
import { firstWrong } from "../src/pages/admin/joining/compare.ts";
import { asText, fromText } from "../src/pages/admin/root_text.ts";
import { isDay, yearsLater } from "../src/pages/staff/people/days.ts";
import { stageOf } from "../src/pages/staff/people/following.ts";
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

const certifying = (statement: string, verdict: string, in_force: boolean, ended = false) => ({
  statement,
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
