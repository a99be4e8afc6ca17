/** The desk: what is served, what is held, what a key means. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { SealedDecision, WaitingLetter } from "../src/acts/checking.ts";
import { ApiProblem, Offline } from "../src/api.ts";
import { dueOf, todayInLondon } from "../src/pages/staff/desk/due.ts";
import { clashes, DEFAULT, readKeymap, stepOf } from "../src/pages/staff/desk/keymap.ts";
import { Outbox } from "../src/pages/staff/desk/outbox.ts";
import { pieces, within } from "../src/pages/staff/desk/pieces.ts";
import type { Ready } from "../src/pages/staff/desk/ready.ts";
import { CHANGE_REASONS, KEEP_REASONS } from "../src/pages/staff/desk/reasons.ts";
import { serve } from "../src/pages/staff/desk/serve.ts";
import { Sitting } from "../src/pages/staff/desk/sitting.ts";
import { asDraft, isWorthKeeping, ofDraft, UNTOUCHED, type Work } from "../src/pages/staff/desk/work.ts";
import { languageOf } from "../src/screening/language.ts";

const letter = (id: string, more: Partial<WaitingLetter> = {}): WaitingLetter => ({
  letter: id,
  statement: `${id}-submit`,
  arrangement: "arrangement",
  team: "team",
  rev: 1,
  state: "with_agency",
  ct_len: 16_640,
  submitted_at: "2026-11-02T10:00:00Z",
  due_on: "2026-11-16",
  steps: 0,
  ...more,
});
const claimedBy = (staff: string) => ({ staff, claimed_at: "2026-11-03T10:02:00Z", lapses_at: "2026-11-03T10:17:00Z" });
const ids = (letters: readonly WaitingLetter[]) => letters.map((it) => it.letter);

test("a checker is served what they began, then their own, then the rest, by the promised day", () => {
  const waiting = [
    letter("others", { allocated_to: "sam", due_on: "2026-11-03" }),
    letter("late", { due_on: "2026-11-05" }),
    letter("mine", { allocated_to: "priya" }),
    letter("begun", { claim: claimedBy("priya"), due_on: "2026-11-30" }),
    letter("held", { claim: claimedBy("sam") }),
    letter("second", { steps: 1 }),
    letter("undated", { due_on: null }),
  ];
  assert.deepEqual(ids(serve(waiting, "priya")), ["begun", "mine", "late", "undated", "others"]);
});

test("due is counted in days on London's calendar", () => {
  assert.deepEqual(dueOf("2026-11-14", "2026-11-16"), { urgency: "overdue", days: 2 });
  assert.deepEqual(dueOf("2026-11-16", "2026-11-16"), { urgency: "today", days: 0 });
  assert.deepEqual(dueOf("2026-11-17", "2026-11-16"), { urgency: "in-time", days: 0 });
  assert.deepEqual(dueOf(null, "2026-11-16"), { urgency: "in-time", days: 0 });
  assert.deepEqual(dueOf("2026-03-28", "2026-03-30"), { urgency: "overdue", days: 2 });
  assert.equal(todayInLondon(new Date("2026-06-30T23:30:00Z")), "2026-07-01");
});

const sealed = (id: string): SealedDecision => ({
  letter: id,
  outcome: "deliver",
  isFinal: true,
  body: { reason: "fits-plan", statement: { payload: "", payloadType: "", signatures: [] } },
});
const settledOnes = () => {
  const told: string[] = [];
  return { told, of: (id: string) => (wasSent: boolean) => void told.push(`${id} ${wasSent}`) };
};
const states = (outbox: Outbox) => outbox.items.map((item) => `${item.sealed.letter} ${item.state}`);

test("the outbox holds one decision, and sends it when the next one is made", async () => {
  const sent: string[] = [];
  const outbox = new Outbox(async (it) => void sent.push(it.letter), 60_000);
  const { told, of } = settledOnes();
  outbox.hold(sealed("a"), of("a"));
  assert.deepEqual([sent, states(outbox)], [[], ["a held"]]);
  outbox.hold(sealed("b"), of("b"));
  await outbox.flush();
  assert.deepEqual([sent, told, states(outbox)], [["a", "b"], ["a true", "b true"], []]);
});

test("what was taken back is never sent, and what was sent cannot be taken back", async () => {
  const sent: string[] = [];
  const outbox = new Outbox(async (it) => void sent.push(it.letter), 5);
  outbox.hold(sealed("a"), () => undefined);
  assert.equal(outbox.takeBack()?.letter, "a");
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.deepEqual(sent, []);
  outbox.hold(sealed("b"), () => undefined);
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.deepEqual([sent, outbox.takeBack()], [["b"], null]);
});

test("what the network failed can be tried again; what was overtaken is told once", async () => {
  let answer: unknown = new Offline("cut");
  const outbox = new Outbox(async () => {
    if (answer !== null) throw answer;
  }, 60_000);
  const { told, of } = settledOnes();
  outbox.hold(sealed("a"), of("a"));
  await outbox.flush();
  assert.deepEqual([states(outbox), told], [["a unsent"], []]);
  answer = null;
  await outbox.again();
  assert.deepEqual([states(outbox), told], [[], ["a true"]]);
  answer = new ApiProblem(409, "not-head", "", {});
  outbox.hold(sealed("b"), of("b"));
  await outbox.flush();
  await outbox.again();
  assert.deepEqual([states(outbox), told], [["b refused"], ["a true", "b false"]]);
  outbox.items.forEach((item) => outbox.forget(item.sealed));
  assert.deepEqual(states(outbox), []);
});

/** What a letter is like when ready is of no account here. */
function sittingOn(waiting: readonly WaitingLetter[], prepare: (id: string) => void = () => undefined) {
  const opened: string[] = [];
  const given: string[] = [];
  const sitting = new Sitting(
    waiting,
    async (it) => {
      prepare(it.letter);
      opened.push(it.letter);
      return { waiting: it } as Ready;
    },
    async (it) => void given.push(it),
  );
  return { sitting, opened, given };
}

test("two letters are claimed at a time: one shown, the next opened ahead", async () => {
  const { sitting, opened, given } = sittingOn(["a", "b", "c"].map((id) => letter(id)));
  assert.equal((await sitting.open())?.waiting.letter, "a");
  assert.deepEqual(opened, ["a", "b"]);
  sitting.next("deliver");
  assert.equal((await sitting.open())?.waiting.letter, "b");
  assert.deepEqual([opened, sitting.number, sitting.total], [["a", "b", "c"], 2, 3]);
  await sitting.leave();
  assert.deepEqual(given, ["c"]);
});

test("taking back shows the letter again, opened once, and takes it out of the tally", async () => {
  const { sitting, opened } = sittingOn(["a", "b"].map((id) => letter(id)));
  await sitting.open();
  sitting.next("deliver");
  await sitting.open();
  assert.equal(sitting.tally().deliver, 1);
  sitting.back("a");
  assert.equal((await sitting.open())?.waiting.letter, "a");
  assert.deepEqual([sitting.tally().deliver, opened, sitting.said], [0, ["a", "b"], "undone"]);
});

test("a letter that a colleague took is left out; any other problem is told", async () => {
  const taken = new ApiProblem(409, "held", "", {});
  const { sitting } = sittingOn(["a", "b"].map((id) => letter(id)), (id) => {
    if (id === "a") throw taken;
  });
  assert.equal((await sitting.open())?.waiting.letter, "b");
  assert.deepEqual([sitting.number, sitting.total], [1, 1]);
  const broken = sittingOn([letter("a")], () => {
    throw new Offline("cut");
  });
  await assert.rejects(broken.sitting.open(), Offline);
  assert.equal(broken.sitting.total, 1);
});

test("notes come back as they were kept, and a letter's draft is no note", () => {
  const desk = { letter: "l", arrangement: "a", author: "m", rev: 1, statement: "s" };
  const work: Work = {
    ...UNTOUCHED,
    ticks: [true, false, true, false, false, false, false],
    note: "It talks about a death.",
    passages: [{ passage: "the bakery", comment: "Would you take it out?", suggestion: "" }],
    changeReason: "places",
    question: "Is it all right?",
  };
  const draft = asDraft(desk, work, "2026-11-03T10:00:00Z");
  assert.deepEqual([ofDraft(draft), draft.before?.statement], [work, "s"]);
  assert.equal(ofDraft({ ...draft, text: "Dear Kerry" }), null);
  assert.equal(ofDraft({ ...draft, text: '{"v":1}' }), null);
  assert.deepEqual(ofDraft({ ...draft, text: '{"ticks":7,"changeReason":"sad","passages":[1]}' }), UNTOUCHED);
  assert.deepEqual([isWorthKeeping({ ...UNTOUCHED, ticks: work.ticks }), isWorthKeeping(work)], [false, true]);
});

const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("a single key is a step, unless it is off, held with another key, or no character", () => {
  assert.equal(stepOf(DEFAULT, press("d")), "deliver");
  assert.equal(stepOf(DEFAULT, press("D")), "deliver");
  assert.equal(stepOf(DEFAULT, press("?")), "help");
  assert.equal(stepOf(DEFAULT, press("d", { ctrlKey: true })), null);
  assert.equal(stepOf(DEFAULT, press("Enter")), null);
  assert.equal(stepOf(DEFAULT, press(" ")), null);
  assert.equal(stepOf({ ...DEFAULT, isOn: false }, press("d")), null);
});

test("kept keys come back; keys that clash or make no sense do not", () => {
  const kept = JSON.stringify({ isOn: false, keys: { ...DEFAULT.keys, deliver: "x" } });
  assert.deepEqual(readKeymap(kept), { isOn: false, keys: { ...DEFAULT.keys, deliver: "x" } });
  const twice = { ...DEFAULT.keys, deliver: "k" };
  assert.deepEqual(clashes(twice), ["keep"]);
  for (const bad of [null, "", "{", "7", '{"keys":{"deliver":"long"}}', JSON.stringify({ keys: twice })]) {
    assert.deepEqual(readKeymap(bad), DEFAULT, String(bad));
  }
});

test("marks cut a text into pieces that are all of it, whatever overlaps or crosses parts", () => {
  const text = "Ring 07700 900 123 at Hillside.";
  const marks = [
    { start: 5, end: 18, why: "phone" },
    { start: 11, end: 18, why: "number" },
    { start: 22, end: 30, why: "place" },
  ];
  const cut = pieces(text, marks);
  assert.equal(cut.map((piece) => piece.text).join(""), text);
  assert.deepEqual(
    cut.filter(({ mark }) => mark !== null).map((piece) => [piece.text, piece.mark]),
    [["07700 900 123", 0], ["Hillside", 2]],
  );
  assert.deepEqual(
    within(marks, 20, 11).map(({ start, end, index }) => [start, end, index]),
    [[2, 10, 2]],
  );
});

test("a letter's language is told by its words, or not at all", () => {
  assert.equal(languageOf("Dear Kerry, thank you for the drawing of the snail."), "en");
  assert.equal(languageOf("Annwyl Kerry, diolch am y llun. Mae’r ardd yn llawn ffa."), "cy");
  assert.equal(languageOf("Beth"), undefined);
});

/** What `Reason::fits` names in one arm of its `match`. */
function armOf(source: string, outcome: string, codes: ReadonlyMap<string, string>): string[] {
  const arm = new RegExp(`Outcome::${outcome} => \\{?\\s*!?matches!\\(\\s*self,([^)]*)\\)`).exec(source)?.[1] ?? "";
  return [...arm.matchAll(/Self::(\w+)/g)].map(([, name = ""]) => codes.get(name) ?? name);
}

test("the reasons to choose from are those of the API, each with its outcome", () => {
  const source = readFileSync("../crates/domain/src/decision.rs", "utf8");
  const reasons = source.slice(source.indexOf("Reason {"), source.indexOf("impl Reason"));
  const codes = new Map([...reasons.matchAll(/(\w+) = "([a-z-]+)"/g)].map(([, name = "", code = ""]) => [name, code]));
  const never = new Set(armOf(source, "Change", codes));
  assert.ok(never.size > 0 && codes.size > never.size);
  assert.deepEqual([...CHANGE_REASONS].sort(), [...codes.values()].filter((code) => !never.has(code)).sort());
  assert.deepEqual([...KEEP_REASONS].sort(), armOf(source, "Keep", codes).sort());
});
