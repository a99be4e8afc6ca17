import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCard } from "../src/acts/card.ts";
import { Untrusted } from "../src/acts/errors.ts";
import { readCode } from "../src/acts/joining.ts";
import { countWords } from "../src/acts/letters.ts";
import { parseNotes, parsePlan, personOf } from "../src/acts/plan.ts";

const plan = {
  v: 1,
  people: [
    { membership: "0".repeat(32), side: "a", name: "Beth", role: "adoptive-parent", signs: "Beth and Tom" },
  ],
  children: ["Ned"],
  months: { a: [5], b: [11] },
  photos: false,
  reviewed_on: "2024-05-01",
  next_review_on: "2027-05-01",
  rules: ["First names only."],
};

test("a code is read however it was typed, and nothing else is one", () => {
  assert.equal(readCode("k7pm 4xqd-9rtw"), "K7PM4XQD9RTW");
  assert.equal(readCode("oil1 0000 0000"), "011100000000");
  assert.equal(readCode("K7PM 4XQD 9RT"), null);
  assert.equal(readCode("K7PM 4XQD 9RTU"), null);
  assert.equal(readCode(""), null);
});

test("a plan is read, and so is one with more in it than this version knows", () => {
  assert.equal(personOf(parsePlan(JSON.stringify(plan)), "0".repeat(32))?.signs, "Beth and Tom");
  assert.equal(parsePlan(JSON.stringify({ ...plan, more: true })).children[0], "Ned");
});

test("what is no plan is refused whole", () => {
  const bad = [
    "",
    "[]",
    JSON.stringify({ ...plan, v: 2 }),
    JSON.stringify({ ...plan, months: { a: [13] } }),
    JSON.stringify({ ...plan, people: [{ name: "Beth" }] }),
    JSON.stringify({ ...plan, reviewed_on: "soon" }),
  ];
  for (const json of bad) assert.throws(() => parsePlan(json), Untrusted);
});

test("notes and cards are read", () => {
  assert.deepEqual(parseNotes('{"v":1,"protected":["Oakfield"],"history":""}').protected, ["Oakfield"]);
  assert.equal(parseCard('{"name":"Kerry","relationship":"birth-parent","phone":""}').name, "Kerry");
  const again = '{"name":"Kerry","relationship":"birth-parent","phone":"","checked":"met"}';
  assert.deepEqual([parseCard(again).checked, parseCard(again).approver], ["met", undefined]);
  assert.throws(() => parseCard('{"name":1}'), Untrusted);
  assert.throws(() => parseCard('{"name":"","relationship":"","phone":"","checked":1}'), Untrusted);
});

test("words are counted as people count them", () => {
  assert.equal(countWords("Dear Kerry,\n\nIt's a well-kept garden – 3 beds!"), 8);
  assert.equal(countWords("Annwyl Siân"), 2);
  assert.equal(countWords("  \n "), 0);
});
