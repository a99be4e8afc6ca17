// Steps that several journeys of families take.

import assert from "node:assert/strict";
import { Tab } from "./harness/tab.js";

/** @typedef {import("./harness/world.js").Person} Person */

/** @param {Tab} tab */
export const pathOf = (tab) => new URL(tab.page.url()).pathname;

/**
 * Another tab of the same browser.
 * @param {Tab} tab
 */
export async function secondTab(tab) {
  return new Tab(await tab.page.context().newPage(), tab.site, tab.words, tab.place);
}

/**
 * From Home to the box to write in: a letter that no month asks for.
 * @param {Tab} tab
 */
export async function beginLetter(tab) {
  await tab.press("letters.write");
  await tab.at("write.start.title");
  await tab.press("write.start.start");
  await tab.at("write.title");
  await tab.arrived();
}

/**
 * Types, and waits until the server has it.
 * @param {Tab} tab
 * @param {string} text
 */
export async function writeAndSave(tab, text) {
  await Promise.all([savedThere(tab), tab.type("write.label", text)]);
  await tab.reads("write.saved");
}

/**
 * The next draft that the server takes.
 * @param {Tab} tab
 */
export function savedThere(tab) {
  return tab.page.waitForResponse(
    (response) => response.request().method() === "PUT" && /\/api\/drafts\//.test(response.url()) && response.ok(),
    { timeout: 40_000 },
  );
}

/**
 * What stands in the box.
 * @param {Tab} tab
 */
export function written(tab) {
  return tab.field("write.label").inputValue();
}

/**
 * Waits until the box holds this.
 * @param {Tab} tab
 * @param {string} text
 */
export async function holds(tab, text) {
  await tab.at("write.title");
  const id = await tab.field("write.label").getAttribute("id");
  await tab.page.waitForFunction(
    ({ id, text }) => {
      const box = document.getElementById(id ?? "");
      return box instanceof HTMLTextAreaElement && box.value === text;
    },
    { id, text },
  );
}

/**
 * Checks the letter and sends it.
 * @param {Tab} tab
 */
export async function send(tab) {
  await tab.press("write.check");
  await tab.at("write.check.title");
  await tab.press("write.check.send");
  await tab.at("write.sent.title");
}

/**
 * Waits until a letter is in a state, for its writer.
 * @param {Tab} tab
 * @param {{ letter: string }} written
 * @param {string} state
 */
export async function comesTo(tab, { letter }, state) {
  const { origin } = new URL(tab.page.url());
  let found = "";
  for (let look = 0; look < 80 && found !== state; look += 1) {
    await new Promise((done) => setTimeout(done, 500));
    const answer = await tab.page.context().request.get(`${origin}/api/letters`);
    found = (await answer.json()).find((/** @type {any} */ it) => it.letter === letter)?.state;
  }
  assert.equal(found, state);
}
