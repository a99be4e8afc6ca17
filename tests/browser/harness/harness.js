// A journey: people at their screens, in each language, against an agency of their own.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { after, test } from "node:test";
import { browser, closeBrowser, SCREENS } from "./browser.js";
import { Tab } from "./tab.js";
import { LANGS, TAG, wordsIn } from "./words.js";
import { newAgency } from "./world.js";

export { addAuthenticator } from "./authenticator.js";
export { bent, lie } from "./lying.js";
export { PASSED_ON, named } from "./world.js";

/**
 * @typedef {import("./words.js").Lang} Lang
 * @typedef {import("./world.js").Agency} Agency
 * @typedef {{ screen?: import("./browser.js").Screen, prepare?: (context: import("playwright-core").BrowserContext) => Promise<unknown> }} How
 * @typedef {{ agency: Agency, lang: Lang, words: import("./words.js").Words, say: (text: string) => void,
 *   open: (site: "family" | "staff", how?: How) => Promise<Tab> }} Stage
 */

const PICTURES = fileURLToPath(new URL("../pictures-out", import.meta.url));
/** `POSTERN_LANGS=en` while a journey is being written. */
const chosen = (process.env["POSTERN_LANGS"] ?? LANGS.join()).split(",");

after(closeBrowser);

/**
 * Registers one test for each language.
 * @param {string} name of the journey, and of the folder of its pictures
 * @param {(stage: Stage) => Promise<void>} walk
 * @param {{ langs?: readonly Lang[], founded?: boolean, inTime?: boolean }} [how] `inTime`: it lets days go by
 */
export function journey(name, walk, { langs = LANGS, founded = true, inTime = false } = {}) {
  const skip = inTime && "POSTERN_NO_PSQL" in process.env ? "left out: this PostgreSQL brings no psql" : false;
  for (const lang of langs.filter((lang) => chosen.includes(lang))) {
    test(`${name} (${lang})`, { skip }, async (context) => {
      const agency = await newAgency({ founded });
      /** @type {Tab[]} */
      const tabs = [];
      const folder = `${PICTURES}/${lang}/${name.replaceAll(/\W+/g, "-")}`;
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      try {
        const say = (/** @type {string} */ text) => context.diagnostic(text);
        await walk({ agency, lang, words: wordsIn(lang), say, open: opener(agency, lang, folder, tabs) });
        for (const tab of tabs) tab.done();
      } catch (error) {
        await keepLast(tabs, folder);
        throw error;
      } finally {
        await Promise.all(tabs.map((tab) => closed(tab.page.context())));
        await agency.stop();
      }
    });
  }
}

/**
 * @param {Agency} agency
 * @param {Lang} lang
 * @param {string} folder
 * @param {Tab[]} tabs
 * @returns {Stage["open"]} opens a tab in a browser profile of its own
 */
function opener(agency, lang, folder, tabs) {
  let pictures = 0;
  const picture = (/** @type {string} */ name) => {
    pictures += 1;
    return `${folder}/${String(pictures).padStart(2, "0")}-${name.replaceAll(/\W+/g, "-")}.png`;
  };
  return async (site, { screen = site === "staff" ? "desk" : "phone", prepare } = {}) => {
    const locale = lang === "cy" ? "cy-GB" : TAG[lang];
    const context = await (await browser()).newContext({
      ...SCREENS[screen],
      locale,
      timezoneId: "Europe/London",
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(20_000);
    await prepare?.(context);
    const tab = new Tab(await context.newPage(), agency[site], wordsIn(lang), { site, picture });
    tabs.push(tab);
    return tab;
  };
}

/**
 * What each tab showed when a journey failed: for a person, and as a screen reader has it.
 * @param {Tab[]} tabs
 * @param {string} folder
 */
async function keepLast(tabs, folder) {
  for (const [index, tab] of tabs.entries()) {
    try {
      await tab.page.screenshot({ path: `${folder}/failed-${index + 1}.png`, fullPage: true });
      const tree = await tab.page.locator("body").ariaSnapshot();
      const complaints = tab.complaints.join("\n");
      writeFileSync(`${folder}/failed-${index + 1}.txt`, `${tab.page.url()}\n\n${tree}\n\n${complaints}\n`);
    } catch {
      // A tab that is gone has nothing to show; the journey's own failure is what is reported.
    }
  }
}

/**
 * Closed, whatever a lie that nobody stopped was still answering.
 * @param {import("playwright-core").BrowserContext} context
 */
async function closed(context) {
  await context.unrouteAll({ behavior: "ignoreErrors" });
  await context.close();
}
