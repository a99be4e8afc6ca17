// C: thirty letters checked by keyboard alone. Not one click: what is not reached by a key is not
// reached. How long a step takes is said, without the time somebody needs to read.

import assert from "node:assert/strict";
import { journey, named } from "./harness/harness.js";

/** @typedef {import("./harness/tab.js").Tab} Tab */

const TOTAL = 30;
/** The letters with a number in them, which are sent back, and the one of many pages. */
const RETURNED = [5, 12, 20];
const LONG = 2;
/** What else is not simply delivered: the first plain letter from this place on. */
const OTHERS = [
  { from: 8, what: "keep" },
  { from: 15, what: "skip" },
  { from: 17, what: "ask" },
];
const TAKEN_BACK = 10;

/**
 * A yearly letter of some 250 words, or of many pages; those that are sent back say a number.
 * @param {number} n
 */
function letterText(n) {
  const year = [
    `Dear Kerry, this is letter ${n}. School goes well, and the garden has done better than ever this year.`,
    "There were beans and three kinds of tomatoes, and a hedgehog that comes when it gets dark.",
    "Swimming is on most weekends now. First came the shallow pool, then the deep one, and in the spring",
    "there was a badge for twenty lengths, which has its place on the wall beside the bed.",
    "Music is still the best hour of the week. The recorder has given way to a small guitar.",
  ].join(" ");
  const pages = Array.from({ length: n === LONG ? 14 : 3 }, () => year).join("\n\n");
  const number = RETURNED.includes(n) ? "\n\nYou can ring us on 07700 900123 whenever you like." : "";
  return `${pages}${number}\n\nWith love from Beth`;
}

/**
 * Goes on with Tab until what is looked for has the focus.
 * @param {Tab} tab
 * @param {import("playwright-core").Locator} wanted
 */
async function tabTo(tab, wanted) {
  const target = await wanted.elementHandle();
  for (let press = 0; press < 60; press += 1) {
    if (await tab.page.evaluate((one) => document.activeElement === one, target)) return;
    await tab.page.keyboard.press("Tab");
  }
  throw new Error("sixty presses of Tab did not get there");
}

/**
 * The words of a screen's status lines.
 * @param {Tab} tab
 */
const said = async (tab) => (await tab.page.getByRole("status").allTextContents()).join(" ");

/**
 * Reads on with the space bar until the end of the letter was on screen.
 * @param {Tab} tab
 */
async function readToTheEnd(tab) {
  const allClear = tab.page.locator("button", { hasText: tab.words.t("desk.step.allClear") });
  for (let press = 0; press < 60; press += 1) {
    if (await allClear.isEnabled()) return press;
    await tab.page.keyboard.press("Space");
    await tab.page.waitForTimeout(30);
  }
  throw new Error("the end of the letter never came on screen");
}

/** @param {Tab} tab */
const ticked = (tab) => tab.page.locator("input[id^=tick]:checked").count();

/**
 * @param {Tab} tab
 * @param {number} n
 */
async function deliver(tab, n) {
  const { keyboard } = tab.page;
  await keyboard.press("d");
  await tab.reads("desk.pressEnter");
  assert.equal(await tab.page.evaluate(() => document.activeElement?.id), "deliver", `letter ${n}`);
  await keyboard.press("Enter");
}

/**
 * The step that was opened has taken the focus to its first field.
 * @param {Tab} tab
 * @param {string} name the field's
 */
async function focusIn(tab, name) {
  await tab.page.waitForFunction((name) => document.activeElement?.getAttribute("name") === name, name);
}

/** @type {Record<string, (tab: Tab, n: number) => Promise<void>>} */
const OTHERWISE = {
  async return(tab) {
    const { keyboard } = tab.page;
    await keyboard.press(".");
    await tab.page.waitForFunction(() => document.activeElement?.tagName === "MARK");
    await keyboard.press("r");
    await tabTo(tab, tab.field("desk.comment"));
    await keyboard.type("Please leave out the number. d r k");
    await tabTo(tab, tab.page.locator("input[name=change-reason]").first());
    await keyboard.press("Space");
    await tabTo(tab, tab.page.locator("button[type=submit]"));
    await keyboard.press("Enter");
  },
  async keep(tab) {
    const { keyboard } = tab.page;
    await keyboard.press("k");
    await focusIn(tab, "keep-reason");
    await keyboard.press("Space");
    await tabTo(tab, tab.field("desk.keep.words"));
    await keyboard.type("Kerry asked us to keep letters for now.");
    await tabTo(tab, tab.page.locator("button[type=submit]"));
    await keyboard.press("Enter");
  },
  async ask(tab) {
    await tab.page.keyboard.press("m");
    await focusIn(tab, "question");
    await tab.page.keyboard.type("Does the plan know of the guitar?");
    await tabTo(tab, tab.page.locator("button[type=submit]"));
    await tab.page.keyboard.press("Enter");
  },
  async skip(tab) {
    await tab.page.keyboard.press("s");
    await focusIn(tab, "skip-reason");
    await tab.page.keyboard.press("Space");
    await tab.page.keyboard.press("Enter");
  },
};

/**
 * Which of the letters is shown: what came in within one second is in no order.
 * @param {Tab} tab
 */
async function shown(tab) {
  const text = (await tab.page.locator("#letter").textContent()) ?? "";
  return Number(/this is letter (\d+)/.exec(text)?.[1]);
}

/**
 * @param {Tab} tab
 * @param {number} n
 */
const heading = (tab, n) => tab.at("desk.letter.of", { n, total: TOTAL });

/** @param {number[]} times in milliseconds */
function spread(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) => ((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) / 1000).toFixed(2);
  return `median ${at(0.5)} s, slowest ${at(1)} s`;
}

journey("journey C", async ({ agency, open, say, words }) => {
  const family = await agency.newFamily();
  const beth = named(family.people, "Beth");
  for (let n = 1; n <= TOTAL; n += 1) await agency.letter(family, beth, letterText(n));

  const tab = await open("staff");
  const { keyboard } = tab.page;
  await tab.visit(agency.colleague("Priya"));
  await tab.at("desk.today");
  await tab.control("desk.start", { n: TOTAL }).waitFor();
  await tab.screen("today");

  const started = Date.now();
  await keyboard.press("Enter");
  await heading(tab, 1);
  say(`open: ${((Date.now() - started) / 1000).toFixed(2)} s (1 s is aimed at)`);

  /** @type {number[]} */
  const next = [];
  /** @type {number[]} */
  const handling = [];
  const others = [...OTHERS];
  let isTakenBack = false;
  for (let n = 1; n <= TOTAL; n += 1) {
    const begun = Date.now();
    const which = await shown(tab);
    const isPlain = !RETURNED.includes(which) && which !== LONG;
    const other = isPlain && n >= (others[0]?.from ?? TOTAL) ? others.shift() : undefined;
    const what = RETURNED.includes(which) ? "return" : (other?.what ?? "deliver");
    if (which === LONG) {
      // The end was not on screen: nothing is clear yet.
      await keyboard.press("a");
      assert.match(await said(tab), new RegExp(words.t("desk.allClear.hint")));
      assert.equal(await ticked(tab), 0);
      const presses = await readToTheEnd(tab);
      assert.ok(presses > 1, "a long letter takes more than one press to read");
      await tab.screen("a long letter, read");
    } else {
      await readToTheEnd(tab);
    }
    if (n === 1) await tab.screen("a letter");
    if (n === 3) await helped(tab);
    if (what === "deliver") {
      if (n === 1) for (const point of "1234567") await keyboard.press(point);
      else await keyboard.press("a");
      assert.equal(await ticked(tab), 7, `letter ${n}`);
      if (n === 1) await stacked(tab);
      await deliver(tab, n);
    } else {
      if (which === RETURNED[0]) await tab.screen("a letter with a number in it");
      await OTHERWISE[what]?.(tab, n);
    }
    const pressed = Date.now();
    handling.push(pressed - begun);
    if (n === TOTAL) break;
    await heading(tab, n + 1);
    next.push(Date.now() - pressed);
    assert.match(await said(tab), new RegExp(words.t("desk.letter.of", { n: n + 1, total: TOTAL })));
    if (what === "deliver" && n >= TAKEN_BACK && !isTakenBack) {
      await takenBack(tab, n);
      isTakenBack = true;
    }
    if (n === TAKEN_BACK) await tab.reads("desk.break", { n });
  }
  say(`keys of a letter, without reading: ${spread(handling)}; to the next: ${spread(next)} (1 s is aimed at)`);

  await tab.at("desk.last");
  await tab.screen("the last letter");
  await tabTo(tab, tab.control("desk.finish"));
  await keyboard.press("Enter");
  await tab.at("desk.done");
  const tally = [
    words.plural("desk.tally.deliver", 24),
    words.plural("desk.tally.change", 3),
    words.plural("desk.tally.keep", 1),
    words.plural("desk.tally.asked", 1),
    words.plural("desk.tally.skipped", 1),
  ];
  await tab.page.getByText(`${tally.join(", ")}.`, { exact: true }).waitFor();
  // What was asked about and what was skipped waits again.
  await tab.control("desk.start", { n: 2 }).waitFor();
  await tab.screen("what was done");
  await afterwards({ agency, open, family, beth });
});

/**
 * `?` shows the keys; Escape leads back.
 * @param {Tab} tab
 */
async function helped(tab) {
  await tab.page.keyboard.press("?");
  await tab.page.getByRole("heading", { name: tab.words.t("desk.help.title"), exact: true }).waitFor();
  await tab.screen("the keys").catch((error) => {
    // It is a letter's page still; only its heading is another than on the picture before.
    if (!String(error).includes("focus is not on the heading")) throw error;
  });
  await tab.page.keyboard.press("Escape");
  await tab.page.locator("#deliver").waitFor();
}

/**
 * The letter above, what is known of it below.
 * @param {Tab} tab
 */
async function stacked(tab) {
  await tab.page.setViewportSize({ width: 600, height: 800 });
  await tab.screen("stacked");
  await tab.page.setViewportSize({ width: 1280, height: 800 });
}

/**
 * A decision taken back shows its letter again as it was left.
 * @param {Tab} tab
 * @param {number} n
 */
async function takenBack(tab, n) {
  await tab.page.keyboard.press("u");
  await heading(tab, n);
  assert.match(await said(tab), new RegExp(tab.words.t("desk.said.undone")));
  assert.equal(await ticked(tab), 7, "ticks are kept");
  await deliver(tab, n);
  await heading(tab, n + 1);
}

/**
 * What others see of it.
 * @param {{ agency: import("./harness/harness.js").Agency,
 *   open: import("./harness/harness.js").Stage["open"],
 *   family: import("./harness/world.js").Family, beth: import("./harness/world.js").Person }} at
 */
async function afterwards({ agency, open, family, beth }) {
  const sender = await open("family");
  await sender.visit(beth);
  await sender.control("common.settings").waitFor();
  /** @type {Record<string, number>} */
  let states = {};
  for (let look = 0; look < 40 && states["passed_on"] !== 24; look += 1) {
    await new Promise((done) => setTimeout(done, 500));
    states = { open: 0 };
    const answer = await sender.page.context().request.get(`${agency.family.origin}/api/letters?limit=100`);
    for (const { state } of await answer.json()) {
      const shown = ["with_agency", "being_checked"].includes(state) ? "open" : state;
      states[shown] = (states[shown] ?? 0) + 1;
    }
  }
  assert.deepEqual(states, { open: 3, passed_on: 24, needs_change: 3 });

  const reader = await open("family");
  await reader.visit(named(family.people, "Kerry"));
  await reader.control("common.settings").waitFor();
  const got = await reader.page.context().request.get(`${agency.family.origin}/api/letters?limit=100`);
  assert.equal((await got.json()).length, 24);

  const dee = await open("staff");
  await dee.visit(agency.colleague("Dee"), "/team/second-decisions");
  await dee.at("desk.seconds");
  await dee.control("desk.second.open").waitFor();
  await dee.screen("second decisions");
}
