// How fast the screens are on a phone of 2020: said, never asserted. The processes and this machine
// share two cores, so a figure here is a ceiling.

import assert from "node:assert/strict";
import { journey, named } from "./harness/harness.js";

/** How much slower such a phone is than this machine (experience, "Weight and speed"). */
const THROTTLE = 6;

journey(
  "speed",
  async ({ agency, open, say, words }) => {
    const beth = named((await agency.newFamily()).people, "Beth");
    const tab = await open("family");
    await tab.goto("/home");
    await tab.press("common.safety.understand");
    await tab.at("common.door.title");
    await tab.signIn(beth.name);
    await tab.at("settings.unlock.title");

    const phone = await tab.page.context().newCDPSession(tab.page);
    await phone.send("Emulation.setCPUThrottlingRate", { rate: THROTTLE });
    await tab.field("settings.unlock.label").fill(beth.words);
    const pressed = Date.now();
    await tab.press("settings.unlock.go");
    // Whoever waits is told so.
    await tab.page.getByRole("status").filter({ hasText: /\S/ }).first().waitFor();
    const told = Date.now() - pressed;
    await tab.at("common.home");
    const opened = Date.now() - pressed;
    say(`at ${THROTTLE}x: words opened the letterbox after ${opened} ms (wanted: 5,000), told of it after ${told} ms`);

    // From the press to the new H1, as the page itself sees it. The first visit fetches the page.
    const links = [words.t("letters.title"), words.t("common.home")];
    const first = await changes(tab, links);
    const second = await changes(tab, links);
    say(`at ${THROTTLE}x: a change of page takes ${first.join(", ")} ms, then ${second.join(", ")} ms (wanted: 150)`);
    assert.ok(first.length === 2 && second.length === 2);
  },
  { langs: ["en"] },
);

/**
 * @param {import("./harness/tab.js").Tab} tab
 * @param {readonly string[]} links
 * @returns {Promise<number[]>} milliseconds, one for each link
 */
async function changes(tab, links) {
  const times = [];
  for (const link of links) {
    await tab.page.getByRole("link", { name: link, exact: true }).first().waitFor();
    const time = await tab.page.evaluate(async (name) => {
      const found = [...document.querySelectorAll("a")].find((one) => one.textContent === name);
      const before = document.querySelector("h1");
      const started = performance.now();
      found?.click();
      for (;;) {
        const heading = document.querySelector("h1");
        if (heading !== null && heading !== before) return performance.now() - started;
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    }, link);
    times.push(Math.round(time));
  }
  return times;
}
