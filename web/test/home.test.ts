/** What Home shows, from plans, letters and a day; and how the agency counts days. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Letter } from "../src/acts/letters.ts";
import type { Letterbox } from "../src/acts/letterbox.ts";
import { cardOf, type Found, lateOnes } from "../src/pages/family/letters/home_card.ts";
import { unsent } from "../src/pages/family/letters/placed.ts";
import { addWorkingDays, isWorkingDay } from "../src/pages/family/working_days.ts";

const ME = "aa".repeat(16);
const THEM = "bb".repeat(16);
const ARRANGEMENT = "cc".repeat(16);

/** Kerry's letterbox: she writes in November, the other side in May. */
const box: Letterbox = {
  membership: ME,
  arrangement: ARRANGEMENT,
  certificate: "",
  role: "birth-parent",
  side: "b",
  plan: {
    v: 1,
    people: [
      { membership: ME, side: "b", name: "Kerry", role: "birth-parent", signs: "Kerry" },
      { membership: THEM, side: "a", name: "Beth", role: "adoptive-parent", signs: "Beth and Tom" },
    ],
    children: [],
    months: { a: [5], b: [11] },
    photos: false,
    reviewed_on: "2024-05-01",
    next_review_on: "2027-05-01",
    rules: [],
  },
  // The card is about what the ledger has already said: only who may read and write is looked at.
  standing: {
    members: [{ membership: ME, side: "b", certificate: "", read: true, write: true }],
  } as unknown as Letterbox["standing"],
};

const letter = (change: Partial<Letter>): Letter => ({
  letter: "01".repeat(16),
  arrangement: ARRANGEMENT,
  author: ME,
  can_withdraw: false,
  ct_len: 16584,
  direction: "sent",
  is_readable: true,
  rev: 1,
  state: "with_agency",
  statement: "",
  submitted_at: "2026-11-10T10:00:00Z",
  ...change,
});
const received = (at: string, id = "02"): Letter =>
  letter({ letter: id.repeat(16), author: THEM, direction: "received", state: "passed_on", released_at: at });
const draft = {
  letter: "03".repeat(16),
  arrangement: ARRANGEMENT,
  membership: ME,
  text: "",
  before: null,
  savedAt: "2026-11-20T10:00:00Z",
};
const at = (today: string, change: Partial<Found> = {}): Found => ({
  boxes: [box],
  letters: [],
  drafts: [],
  readings: [],
  today,
  ...change,
});

test("sent back comes before new, new before a draft, a draft before what is due", () => {
  for (const state of ["needs_change", "send_again"]) {
    assert.equal(cardOf(at("2026-11-21", { letters: [letter({ state })] })).kind, "change");
  }
  const back = letter({ state: "needs_change" });
  const fresh = received("2026-11-12T10:00:00Z");
  assert.equal(cardOf(at("2026-11-21", { letters: [fresh, back], drafts: [draft] })).kind, "change");
  assert.equal(cardOf(at("2026-11-21", { letters: [fresh], drafts: [draft] })).kind, "new");
  assert.equal(cardOf(at("2026-11-21", { drafts: [draft] })).kind, "draft");
  assert.deepEqual(cardOf(at("2026-11-21")), { kind: "due", month: 11, more: 0 });
});

test("what else there is, is counted and not shown", () => {
  const found = at("2026-11-21", {
    letters: [letter({ state: "needs_change" }), received("2026-11-12T10:00:00Z")],
  });
  assert.deepEqual(cardOf(found), { kind: "change", letter: "01".repeat(16), more: 1 });
});

test("a letter is due from 14 days before its month, and not once it was sent", () => {
  assert.equal(cardOf(at("2026-10-17")).kind, "nothing");
  assert.equal(cardOf(at("2026-10-18")).kind, "due");
  assert.equal(cardOf(at("2026-11-30")).kind, "due");
  assert.equal(cardOf(at("2026-12-01")).kind, "nothing");
  assert.equal(cardOf(at("2026-11-21", { letters: [letter({})] })).kind, "nothing");
  assert.equal(cardOf(at("2026-11-21", { letters: [letter({ state: "withdrawn" })] })).kind, "due");
});

test("with nothing to do it names the month of the next letter, either way", () => {
  assert.deepEqual(cardOf(at("2026-12-03")), { kind: "nothing", month: 5 });
  assert.deepEqual(cardOf(at("2026-07-03")), { kind: "nothing", month: 11 });
  assert.deepEqual(cardOf(at("2026-05-03")), { kind: "nothing", month: 5 });
  const readings = [{ letter: "02".repeat(16), seen: true, until: "", told: "" }];
  const letters = [received("2026-05-02T10:00:00Z")];
  assert.deepEqual(cardOf(at("2026-05-03", { letters, readings })), { kind: "nothing", month: 11 });
});

test("a letter is new until it was opened, and again on the day until which it was kept", () => {
  const letters = [received("2026-12-12T10:00:00Z")];
  const kind = (today: string, seen: boolean, until: string) =>
    cardOf(at(today, { letters, readings: [{ letter: "02".repeat(16), seen, until, told: "" }] })).kind;
  assert.equal(kind("2026-12-14", false, ""), "new");
  assert.equal(kind("2026-12-14", true, ""), "nothing");
  assert.equal(kind("2026-12-14", false, "2026-12-21"), "nothing");
  assert.equal(kind("2026-12-21", false, "2026-12-21"), "new");
  assert.equal(kind("2026-12-21", true, "2026-12-21"), "new");
  assert.equal(kind("2027-03-01", false, "ask"), "nothing");
  assert.equal(kind("2027-03-01", false, "agency"), "nothing");
});

test("a letter that did not come in its month is late, with a day, then without, then no more", () => {
  const by = (today: string, change: Partial<Found> = {}) =>
    lateOnes(at(today, change), {}).map((late) => late.by);
  assert.deepEqual(by("2026-05-31"), []);
  assert.deepEqual(by("2026-06-01"), ["2026-06-15"]);
  assert.deepEqual(by("2026-06-15"), ["2026-06-15"]);
  assert.deepEqual(by("2026-06-16"), [null]);
  assert.deepEqual(by("2026-07-31"), [null]);
  assert.deepEqual(by("2026-08-01"), []);
  assert.deepEqual(by("2026-06-01", { letters: [received("2026-05-20T10:00:00Z")] }), []);
  const agreedSince = { ...box, plan: { ...box.plan, reviewed_on: "2026-05-20" } };
  assert.deepEqual(by("2026-06-01", { boxes: [agreedSince] }), []);
});

test("a draft whose letter was sent is no draft any more; the next revision's is", () => {
  const sent = letter({ letter: draft.letter });
  const before = { letter: draft.letter, rev: 1, statement: "00".repeat(32) };
  assert.deepEqual(unsent([draft], [sent]), []);
  assert.equal(unsent([{ ...draft, before }], [sent]).length, 1);
  assert.equal(unsent([draft], []).length, 1);
});

test("working days leave out weekends, the agency's closed days and bank holidays", () => {
  assert.equal(addWorkingDays("2026-11-20", 1, {}), "2026-11-23");
  assert.equal(addWorkingDays("2026-11-20", 10, {}), "2026-12-04");
  assert.equal(addWorkingDays("2026-11-20", 1, { closed_on: ["2026-11-23"] }), "2026-11-24");
  // Source: https://www.gov.uk/bank-holidays
  for (const day of [
    "2026-01-01",
    "2026-04-03",
    "2026-04-06",
    "2026-05-04",
    "2026-05-25",
    "2026-08-31",
    "2026-12-25",
    "2026-12-28",
    "2027-01-01",
    "2027-03-26",
    "2027-03-29",
    "2027-05-03",
    "2027-05-31",
    "2027-08-30",
    "2027-12-27",
    "2027-12-28",
    "2028-01-03",
  ]) {
    assert.equal(isWorkingDay(day, {}), false, day);
    assert.equal(isWorkingDay(day, { nation: "other" }), true, day);
  }
  for (const day of ["2026-12-24", "2026-12-29", "2026-04-02", "2026-05-11", "2028-01-04"]) {
    assert.equal(isWorkingDay(day, {}), true, day);
  }
});
