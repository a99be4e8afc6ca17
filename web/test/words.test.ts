/** The words on screen: complete in both languages, easy to read, and none of them banned. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { syllable } from "syllable";

type Sheet = Readonly<Record<string, string>>;

const FAMILY = ["common", "join", "letters", "write", "settings"];
const AREAS = readdirSync("src/words/en")
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(/\.json$/, ""));
const sheet = (lang: string, area: string): Sheet =>
  JSON.parse(readFileSync(`src/words/${lang}/${area}.json`, "utf8")) as Sheet;

/** A key without its plural form: Welsh has more of them than English. */
const stem = (key: string) => key.replace(/\.(zero|one|two|few|many|other)$/, "");
const stems = (words: Sheet) => [...new Set(Object.keys(words).map(stem))].sort();
const holes = (words: string): string[] => [...(words.match(/\{\w+\}/g) ?? [])].sort();
const marks = (words: string): string[] => [...(words.match(/<\/?[a-z]+>/g) ?? [])].sort();

for (const area of AREAS) {
  const [en, cy] = [sheet("en", area), sheet("cy", area)];

  test(`${area}: every key is there in English and in Welsh`, () => {
    assert.deepEqual(stems(cy), stems(en));
  });

  test(`${area}: every key begins with its area, so that none takes another's place`, () => {
    const strangers = Object.keys(en).filter((key) => !key.startsWith(`${area}.`));
    assert.deepEqual(strangers, []);
  });

  test(`${area}: Welsh fills in and marks up what English does`, () => {
    for (const [key, words] of Object.entries(en)) {
      const welsh = cy[key] ?? cy[`${stem(key)}.other`] ?? "";
      // "One letter" need not spell its number.
      const wanted = /\.(zero|one|two)$/.test(key) ? [] : holes(words);
      for (const hole of wanted) assert.ok(holes(welsh).includes(hole), `${key}: ${hole}`);
      assert.deepEqual(marks(welsh), marks(words), key);
    }
  });

  test(`${area}: nothing is left empty or untranslated`, () => {
    for (const [key, words] of Object.entries(cy)) {
      assert.notEqual(words.trim(), "", key);
      const isSentence = /[a-z]+ [a-z]+ [a-z]+/.test(words);
      assert.ok(!isSentence || words !== en[key], `${key} is still English`);
    }
  });
}

/** Never to families (practice, "Words"). */
const BANNED =
  /\b(users?|contracts?|case|cases|moderat\w*|censor\w*|reject\w*|flag(s|ged)?|violat\w*|breach\w*|natural (mother|father|parent)\w*|real (mother|father|parent)\w*|gave up|disruption|breakdown)\b/i;

for (const area of FAMILY) {
  test(`${area}: families never read a banned word`, () => {
    for (const [key, words] of Object.entries(sheet("en", area))) {
      assert.doesNotMatch(words, BANNED, key);
    }
  });
}

/** Flesch-Kincaid grade level (Kincaid et al. 1975). */
function grade(text: string): number {
  const sentences = text.split(/[.!?:]+\s|\n/).filter((each) => /[a-z]/i.test(each)).length;
  const words = text.split(/[\s–—/]+/).filter((each) => /[a-z]/i.test(each));
  const syllables = words.reduce((sum, word) => sum + Math.max(1, syllable(word)), 0);
  return 0.39 * (words.length / sentences) + 11.8 * (syllables / words.length) - 15.59;
}

/** What families read, one piece a line, with likely words in the holes. */
function spoken(area: string): string {
  return Object.values(sheet("en", area))
    .map((words) => words.replace(/<\/?[a-z]+>/g, "").replace(/\{\w+\}/g, "June"))
    .join("\n");
}

test("what families read is below reading grade 6", () => {
  const all = FAMILY.map(spoken).join("\n");
  assert.ok(grade(all) < 6, `grade ${grade(all).toFixed(1)}`);
});

test("the measure tells hard words from easy ones", () => {
  assert.ok(grade("The cat sat on the mat. It was warm.") < 2);
  assert.ok(grade("Notwithstanding contractual considerations, administrative authorities may determine eligibility.") > 12);
});
