// Staying private: the lock after a quarter of an hour, Exit and then Back, letters that are text and
// nothing else, and what is said where the site cannot work.

import assert from "node:assert/strict";
import { browser } from "./harness/browser.js";
import { accessibility, targets } from "./harness/checks.js";
import { journey, named, PASSED_ON } from "./harness/harness.js";
import { beginLetter, holds, pathOf, writeAndSave } from "./steps.js";

/** @typedef {import("./harness/tab.js").Tab} Tab */

const LETTER = "Dear Kerry,\n\nA letter for you alone.\n\nBeth and Tom";
/** What is on these screens is looked at in both languages elsewhere. */
const IN_ENGLISH = { langs: /** @type {const} */ (["en"]) };
const MINUTE = 60_000;
const WEATHER = /bbc\.co\.uk\/weather/;

journey("locked when nobody is there", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const tab = await open("family");
  await tab.page.clock.install();
  await tab.visit(kerry, "/letters");
  await beginLetter(tab);
  await writeAndSave(tab, LETTER);
  await tab.page.clock.fastForward(13 * MINUTE + 10_000);
  await tab.page.getByRole("alertdialog").waitFor();
  await tab.reads("common.idle");
  await tab.screen("still there?");
  await tab.press("common.idle.stay");
  await tab.page.getByRole("alertdialog").waitFor({ state: "detached" });
  await holds(tab, LETTER);

  // The last words before the lock are kept as well.
  await tab.type("write.label", `${LETTER}\n\nOne more line.`);
  await tab.page.clock.fastForward(15 * MINUTE + 10_000);
  await tab.at("settings.unlock.title");
  await tab.reads("common.locked");
  assert.doesNotMatch(await tab.page.content(), /for you alone|One more line/);
  await tab.screen("locked");
  await tab.unlock(kerry.words);
  await tab.press("settings.offer.no");
  await holds(tab, `${LETTER}\n\nOne more line.`);
});

/** @type {readonly [string, (tab: Tab) => Promise<void>][]} */
const EXITS = [
  ["the button", (tab) => tab.page.getByRole("button", { name: tab.words.t("common.exit"), exact: true }).click()],
  [
    "the hidden link",
    async (tab) => {
      const link = tab.page.getByRole("link", { name: tab.words.t("common.exit"), exact: true });
      await link.focus();
      await link.press("Enter");
    },
  ],
  [
    "Shift three times",
    async (tab) => {
      for (let presses = 0; presses < 3; presses++) await tab.page.keyboard.press("Shift");
    },
  ],
];

journey("Exit, then Back", async ({ agency, open }) => {
  const family = await agency.newFamily();
  const kerry = named(family.people, "Kerry");
  const { letter } = await agency.letter(family, named(family.people, "Beth"), LETTER, PASSED_ON);
  const tab = await open("family", {
    prepare: (context) =>
      context.route(WEATHER, (route) => route.fulfill({ contentType: "text/html", body: "<title>Weather</title>Rain." })),
  });
  await tab.goto(`/letters/${letter}/before`);
  await tab.press("common.safety.understand");
  await tab.signIn(kerry.name);
  for (const [name, leave] of EXITS) {
    await tab.unlock(kerry.words);
    if (name === "the hidden link") await tab.press("settings.offer.no");
    await tab.at("letters.before.title");
    await tab.press("letters.before.now");
    await tab.at("letters.read.title");
    await tab.page.getByText("for you alone").waitFor();
    await tab.expecting(WEATHER, async () => {
      await leave(tab);
      await tab.page.waitForURL(WEATHER);
    });
    await tab.page.goBack();
    // Nobody is signed in any more: the door stands where the page was, and the letter is gone.
    await tab.at("common.door.title");
    assert.doesNotMatch(await tab.page.content(), /for you alone/, name);
    assert.equal(pathOf(tab), `/letters/${letter}/before`);
    await tab.screen(`back after ${name}`);
    await tab.signIn(kerry.name);
  }
}, IN_ENGLISH);

const NASTY = [
  '<img src="/x" onerror="document.title=1"><script>document.title = 2</script>',
  '<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=3"><a href="javascript:0">x</a></svg>',
  "https://example.org/ and [a link](https://example.org/) and javascript:alert(1)",
  "שלום, and then English again",
  "{phone} ${LETTER} &lt;b&gt; <b>bold</b>",
].join("\n");
/** Characters that turn the direction over, unseen: no letter may hold them. */
const TURNED = "\u202Eflipped over\u202C and \u2067kept\u2069";

journey("a letter is text", async ({ agency, open }) => {
  const family = await agency.newFamily();
  const { letter } = await agency.letter(family, named(family.people, "Beth"), NASTY, PASSED_ON);
  const tab = await open("family");
  await tab.visit(named(family.people, "Kerry"), `/letters/${letter}`);
  await tab.at("letters.read.title");
  const box = tab.page.locator(".p-letter");
  await box.waitFor();
  const found = await box.evaluate((box) => ({
    text: box.textContent,
    elements: box.querySelectorAll("*").length,
    direction: getComputedStyle(box).unicodeBidi,
  }));
  assert.equal(found.text, NASTY);
  assert.equal(found.elements, 0, "no markup of a letter's own");
  assert.match(found.direction, /isolate|plaintext/, "no direction of a letter's own outside it");
  await tab.screen("the letter");
  assert.equal(await tab.page.locator("main img, main svg, main script").count(), 0);

  // The same in the box and where it is checked.
  await tab.press("letters.read.back");
  await tab.at("write.title");
  await writeAndSave(tab, `${NASTY}\n${TURNED}`);
  await tab.press("write.check");
  await tab.at("write.check.title");
  const seen = tab.page.locator(".p-letter");
  assert.equal(await seen.textContent(), `${NASTY}\nflipped over and kept`);
  assert.equal(await seen.locator("*:not(mark)").count(), 0);
  await tab.screen("checking it");

  // And on the desk, with what a colleague wrote about it.
  const remarked = { outcome: /** @type {const} */ ("keep"), reason: "hurtful", comment: NASTY };
  const waiting = await agency.letter(family, named(family.people, "Beth"), NASTY, [{ by: "Sam", ...remarked }]);
  const desk = await open("staff");
  await desk.visit(agency.colleague("Priya"));
  await desk.at("desk.today");
  await desk.ride(`/desk/check/${waiting.letter}`);
  await desk.at("desk.letter");
  const checked = desk.page.locator(".p-letter");
  await checked.waitFor();
  assert.equal(await checked.textContent(), NASTY);
  assert.equal(await checked.locator("*:not(mark)").count(), 0);
  assert.match(await checked.evaluate((box) => getComputedStyle(box).unicodeBidi), /isolate|plaintext/);
  await desk.page.getByText("[a link](https://example.org/)").nth(1).waitFor();
  assert.equal(await desk.page.locator("main img, main svg, main script, main a[href*='example.org']").count(), 0);
  await desk.screen("on the desk");
});

journey("cookies are refused", async ({ agency, open, words }) => {
  const tab = await open("family", {
    prepare: async (context) => {
      // As a browser that takes none: it neither keeps nor sends any, and says so.
      await context.addInitScript(() => Object.defineProperty(navigator, "cookieEnabled", { get: () => false }));
      await context.route(
        ({ pathname }) => pathname.startsWith("/api/sign-in"),
        async (route) => {
          const response = await route.fetch({ maxRedirects: 0 });
          await context.clearCookies();
          const { "set-cookie": _, ...headers } = response.headers();
          await route.fulfill({ response, headers });
        },
      );
    },
  });
  await tab.goto();
  await tab.at("common.door.title");
  await tab.reads("common.door.cookies");
  await tab.screen("door without cookies");
  await tab.signIn("Kerry");
  await tab.at("common.door.title");
  await tab.reads("common.door.cookies");
  await tab.reads("common.door.phone", { phone: agency.phone });
  await tab.screen("sign-in did not finish");
  assert.equal(await tab.page.getByText(words.t("common.signOut"), { exact: true }).count(), 0);
});

journey("scripts are blocked", async ({ open }) => {
  const tab = await open("family", { prepare: (context) => context.route(/\.js$/, (route) => route.abort()) });
  await tab.expecting(/ERR_FAILED/, async () => {
    await tab.goto();
    // The words were served with the page, in both languages; they wait a moment for the site to come.
    await tab.page.getByRole("heading", { level: 1 }).waitFor();
    const said = await tab.page.locator("main").innerText();
    assert.match(said, /ring the number on your sheet/);
    assert.match(said, /ffoniwch y rhif ar eich taflen/);
    assert.deepEqual([...(await accessibility(tab.page)), ...(await targets(tab.page))], []);
  });
}, IN_ENGLISH);

journey("scripts are turned off", async ({ agency }) => {
  const context = await (await browser()).newContext({ javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await page.goto(agency.family.origin);
    const said = await page.locator("main").innerText();
    assert.match(said, /JavaScript is turned off.+ring the number on your sheet/s);
    assert.match(said, /Mae JavaScript wedi’i ddiffodd/);
  } finally {
    await context.close();
  }
}, IN_ENGLISH);
