/** The rules over plain text, as sentences people write. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { flagsForChecker, flagsForWriter, type RuleName } from "../src/screening/index.ts";

const TERMS = ["Hillside Primary", "Pentrefelin", "Caerdydd", "Okafor", "Ash"];

/** What a writer sees marked, as "rule: passage". */
const seen = (text: string) => flagsForWriter(text).map(({ rule, start, end }) => `${rule}: ${text.slice(start, end)}`);
const checked = (text: string, terms: readonly string[] = TERMS) =>
  flagsForChecker(text, terms).map(({ rule, start, end }) => `${rule}: ${text.slice(start, end)}`);

const NOTHING = [
  "A pet called Florence.",
  "We have a pet called Florence, and a cat called Church.",
  "She has read all of Hogwarts School twice, and wants to go to Hogwarts.",
  "He built LEGO 42146 by himself.",
  "She nearly killed herself laughing.",
  "Don't tell Dad, it's a surprise for his birthday.",
  "He is doing well at school. Her school had a play.",
  "The school was closed because of snow. At school she likes maths.",
  "Primary School was hard for her, and Sunday School is fun.",
  "I miss you and I think of you every day.",
  "I was so sad that I cried. I love you very much, from Mummy.",
  "She scored 10 goals in 12 games, and came 3rd of 1,204.",
  "One, two, three, four, five, once I caught a fish alive.",
  "Look at me. Look at the sea. Me and Tom went swimming on Saturday.",
  "We moved in September. She moved to Year 4. They live in Wales.",
  "The battery died and I was dying to hear from you.",
  "She loves Manchester United and TikTok dances.",
  "He was born on 01.02.2019 and weighed 3.2 kg.",
  "We went to the park, and it rained.",
  "I hope that one day you will read this.",
  "Mae hi'n hoffi'r ysgol, ac Ysgol Sul hefyd.",
  "Roedd hi bron â lladd ei hun yn chwerthin.",
  "Paid â dweud wrth Dad, mae'n syrpreis!",
  "Rwy'n meddwl amdanat ti bob dydd. Dw i'n dy garu di.",
];

for (const sentence of NOTHING) {
  test(`nothing to look at: ${sentence}`, () => {
    assert.deepEqual(seen(sentence), []);
    assert.deepEqual(checked(sentence), []);
  });
}

const FOR_WRITERS: readonly (readonly [string, readonly string[]])[] = [
  ["We are at SA1 4TT now.", ["postcode: SA1 4TT"]],
  ["It is sw1a1aa, you know.", ["postcode: sw1a1aa"]],
  ["Ring me on 07700 900123.", ["phone: 07700 900123"]],
  ["Ring me on 0 7 7 0 0 9 0 0 1 2 3!", ["phone: 0 7 7 0 0 9 0 0 1 2 3"]],
  ["It is +44 7700 900 123.", ["phone: +44 7700 900 123"]],
  ["It is (029) 2018 0123.", ["phone: (029) 2018 0123"]],
  ["oh double seven double oh nine hundred", []],
  ["My number is oh double seven oh oh nine double oh one two three.", ["phone: oh double seven oh oh nine double oh one two three"]],
  ["Fy rhif yw dim dwbl saith dim dim naw dim dim un dau tri.", ["phone: dim dwbl saith dim dim naw dim dim un dau tri"]],
  ["Please call 654 321 any time.", ["phone: 654 321"]],
  ["Write to kerry.b@example.org please.", ["email: kerry.b@example.org"]],
  ["It is kerry at example dot co dot uk.", ["email: kerry at example dot co dot uk"]],
  ["It is kerry (at) example (dot) com.", ["email: kerry (at) example (dot) com"]],
  ["Look at https://example.org/kerry?x=1.", ["link: https://example.org/kerry?x=1"]],
  ["Her shop is kerrycakes.co.uk now.", ["link: kerrycakes.co.uk"]],
  ["I am @kerry_bakes there.", ["handle: @kerry_bakes"]],
  ["You can find me on Facebook.", ["handle: find me on Facebook"]],
  ["My Insta is kerrybakes9.", ["handle: My Insta is kerrybakes9."]],
  ["Our door is ///filled.count.soap.", ["number: ///filled.count.soap"]],
  ["The car is AB12 CDE.", ["number: AB12 CDE"]],
  ["She goes to Hillside Primary now.", ["place: Hillside Primary"]],
  ["She goes to St Mary's school.", ["place: St Mary's school"]],
  ["Her school is called Bryn Coch.", ["place: Bryn Coch"]],
  ["We moved to 14 Harbour Road.", ["place: 14 Harbour Road"]],
  ["He plays football for Mumbles Rangers.", ["place: Mumbles Rangers"]],
  ["She is at Cwm Swimming Club.", ["place: Cwm Swimming Club"]],
  ["We live in Swansea these days.", ["place: Swansea"]],
  ["Every Tuesday we are at the leisure centre.", ["routine: Every Tuesday we are at the leisure centre"]],
  ["I start at the bakery by the station next week.", ["routine: at the bakery by the station"]],
  ["Mae hi yn Ysgol Bryn Coch.", ["place: Ysgol Bryn Coch"]],
  ["Rydyn ni'n mynd i Gapel Seion.", ["place: Gapel Seion"]],
  ["Mae e yng Nghlwb Rygbi Cwmbach.", ["place: Nghlwb Rygbi Cwmbach"]],
  ["Rwy'n byw yn Abertawe.", ["place: Abertawe"]],
  ["Bob dydd Sadwrn rydyn ni yn y parc.", ["routine: Bob dydd Sadwrn rydyn ni yn y parc"]],
  ["Could we meet up?", ["meeting: Could we meet up"]],
  ["I'll be waiting outside the gate.", ["meeting: I'll be waiting outside"]],
  ["Where do you live?", ["meeting: Where do you live"]],
  ["Hoffwn i gwrdd â chi.", ["meeting: gwrdd â chi"]],
  ["Ble rwyt ti'n byw?", ["meeting: Ble rwyt ti'n byw"]],
  ["Don't tell your mum about this letter.", ["secret: Don't tell your mum"]],
  ["Paid â dweud wrth neb.", ["secret: Paid â dweud wrth neb"]],
];

for (const [sentence, wanted] of FOR_WRITERS) {
  test(`a writer may look at: ${sentence}`, () => assert.deepEqual(seen(sentence), wanted));
}

const FOR_CHECKERS: readonly (readonly [string, RuleName])[] = [
  ["I promise you a puppy.", "promise"],
  ["When you are 18 you will come home.", "pressure"],
  ["I am your real mum.", "pressure"],
  ["If you loved me you would write.", "pressure"],
  ["Grandad passed away in March.", "hard-news"],
  ["Nan has cancer and is in a hospice.", "hard-news"],
  ["Bu farw Taid ym mis Mawrth.", "hard-news"],
  ["I don't want to live any more.", "danger"],
  ["He tried to kill himself.", "danger"],
  ["Dydw i ddim eisiau byw.", "danger"],
];

for (const [sentence, rule] of FOR_CHECKERS) {
  test(`only a checker weighs: ${sentence}`, () => {
    assert.deepEqual(seen(sentence), []);
    assert.ok(flagsForChecker(sentence, []).some((flag) => flag.rule === rule), JSON.stringify(checked(sentence)));
  });
}

test("words about somebody's safety are urgent", () => {
  assert.deepEqual(flagsForChecker("There is no point living.", []).map(({ severity }) => severity), ["urgent"]);
});

const SPELLINGS: readonly (readonly [string, string])[] = [
  ["pentrefelin", "case"],
  ["Pentrefélin", "an accent"],
  ["Pentrfelin", "a letter missing"],
  ["Pentreffelin", "a letter twice"],
  ["Pentrefeiln", "two letters swapped"],
  ["Pentre Felin", "a space"],
  ["Pentre-felin", "a hyphen"],
  ["Mhentrefelin", "a nasal mutation"],
  ["Bentrefelin", "a soft mutation"],
  ["Pentrefelin's", "a possessive"],
  ["Ngaerdydd", "a slip in a mutation"],
  ["Gaerdydd", "another term, mutated"],
  ["Okafor’s", "a surname's possessive"],
];

for (const [spelling, how] of SPELLINGS) {
  test(`a protected term is found with ${how}: ${spelling}`, () => {
    assert.deepEqual(checked(`So we saw ${spelling} today.`), [`term: ${spelling}`]);
  });
}

test("a short term is found as it is and never by a slip", () => {
  assert.deepEqual(checked("Ash says hello."), ["term: Ash"]);
  assert.deepEqual(checked("As she says, and a dash of salt; ask again. Wash up."), []);
});

test("protected terms are no business of the writer's side", () => {
  assert.deepEqual(seen("So we saw Okafor today."), []);
});

test("a passage is marked once, by its gravest rule", () => {
  assert.deepEqual(seen("kerry@example.com"), ["email: kerry@example.com"]);
  assert.deepEqual(checked("She is at Hillside Primary."), ["place: Hillside Primary"]);
});

test("markup and characters of any plane are text like any other, and spans fit the text", () => {
  const text = "🐌🐌 <b>call</b> 07700 900123 <script>";
  assert.deepEqual(seen(text), ["phone: 07700 900123"]);
});

const LONG = [
  "We went to the Park and She said One two three to Beth, at last. ",
  "a",
  "1 ",
  "a.",
  "-",
  " ",
  "St ",
  "Abc ",
  "Abc of ",
  "come and ",
  "on Tuesdays ",
  "ring ",
  "double ",
  "live ",
  "a at a dot ",
];

/** The processor's microseconds for so many characters: of three runs the least. What else runs does not count. */
function work(piece: string, length: number): number {
  const text = piece.repeat(length / piece.length);
  const runs = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    flagsForChecker(text, TERMS);
    return process.cpuUsage(before).user;
  });
  return Math.min(...runs);
}

for (const piece of LONG) {
  test(`the work on a letter of "${piece}" grows as its length, not as its square`, () => {
    work(piece, 100_000); // what is compiled on the way is compiled now
    const [short, long] = [work(piece, 12_500), work(piece, 100_000)];
    // Eight times as long: 8, where the square is 64. Less than 2 ms cannot be told apart.
    assert.ok(long < 24 * Math.max(short, 2_000), `${short} µs, then ${long} µs`);
  });
}
