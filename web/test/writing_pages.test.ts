/** When a draft is saved, where comments belong, and how marked text is cut. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { readComment } from "../src/pages/family/letters/comments.ts";
import { cut } from "../src/pages/family/letters/letter_text.tsx";
import { saver } from "../src/pages/family/write/saver.ts";
import { languageOf } from "../src/screening/language.ts";

/** Runs with a clock of its own; `at(s)` goes to that second, `saves` lists the seconds of each save. */
async function withClock(run: (clock: Clock) => Promise<void>): Promise<void> {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 0 });
  try {
    const saves: number[] = [];
    const clock: Clock = {
      saves,
      saver: saver(async () => {
        saves.push(Date.now() / 1000);
        if (clock.isBroken) throw new Error("no");
      }),
      isBroken: false,
      async to(second) {
        while (Date.now() < second * 1000) {
          mock.timers.tick(500);
          for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        }
      },
    };
    await run(clock);
  } finally {
    mock.timers.reset();
  }
}

interface Clock {
  readonly saves: number[];
  readonly saver: ReturnType<typeof saver>;
  isBroken: boolean;
  to(second: number): Promise<void>;
}

test("writing is saved 3 seconds after a pause, once", async () => {
  await withClock(async ({ saver, saves, to }) => {
    saver.typed();
    await to(2);
    saver.typed();
    await to(30);
    assert.deepEqual(saves, [5]);
  });
});

test("who never pauses is saved every 15 seconds", async () => {
  await withClock(async ({ saver, saves, to }) => {
    for (let second = 0; second < 50; second++) {
      saver.typed();
      await to(second + 1);
    }
    assert.deepEqual(saves, [15, 30, 45]);
  });
});

test("two saves are at least 15 seconds apart, unless everything is to be put away", async () => {
  await withClock(async ({ saver, saves, to }) => {
    saver.typed();
    await to(4);
    saver.typed();
    await to(20);
    assert.deepEqual(saves, [3, 18]);
    saver.typed();
    await saver.flush();
    assert.deepEqual(saves, [3, 18, 20]);
    await saver.flush();
    assert.equal(saves.length, 3);
  });
});

test("a save that failed is tried again, and nothing is tried after stopping", async () => {
  await withClock(async (clock) => {
    clock.isBroken = true;
    clock.saver.typed();
    await clock.to(10);
    clock.isBroken = false;
    await clock.to(40);
    assert.deepEqual(clock.saves, [3, 18]);
    clock.saver.typed();
    clock.saver.stop();
    await clock.to(90);
    assert.equal(clock.saves.length, 2);
  });
});

const LETTER = "Dear all,\n\nI start at the bakery\nby the station (at 6.30).\n\nKerry";
const passage = (comment: string): string | null => {
  const { span } = readComment(comment, LETTER);
  return span === null ? null : LETTER.slice(span.start, span.end);
};

test("a comment about a passage points to it, however its lines are broken", () => {
  assert.equal(
    passage("“the bakery by the station (at 6.30)”\n\nPlease take it out."),
    "the bakery\nby the station (at 6.30)",
  );
  assert.equal(passage("“the bakery by…”\n\nPlease take it out."), "the bakery\nby");
  assert.equal(
    readComment("“the bakery”\n\nPlease.\n\nSay: a shop.", LETTER).text,
    "Please.\n\nSay: a shop.",
  );
});

test("a comment about the whole letter, or about words that are not there, points nowhere", () => {
  assert.equal(passage("It is lovely."), null);
  assert.equal(passage("“another letter”\n\nPlease."), null);
  assert.deepEqual(readComment("“Not closed", LETTER), { passage: "", text: "“Not closed", span: null });
});

test("marked text is the whole text, and overlapping marks do not double it", () => {
  const marks = [
    { start: 5, end: 8 },
    { start: 0, end: 4 },
    { start: 6, end: 10 },
    { start: 7, end: 8 },
  ];
  const pieces = cut("0123456789ab", marks);
  assert.equal(pieces.map(({ words }) => words).join(""), "0123456789ab");
  assert.deepEqual(
    pieces.filter(({ isMarked }) => isMarked).map(({ words }) => words),
    ["0123", "567", "89"],
  );
});

test("a letter is read out in its own language", () => {
  assert.equal(languageOf("Annwyl Beth, diolch am y llythyr. Mae hi'n iawn."), "cy");
  assert.equal(languageOf("Dear Beth, thank you for the letter."), "en");
  assert.equal(languageOf("🐌"), undefined);
});
