// Nothing written is lost: not by a server that restarts, a network that goes, a session that ends, a
// second tab, a browser that keeps nothing, or a clock that is wrong.

import assert from "node:assert/strict";
import { journey, named } from "./harness/harness.js";
import { beginLetter, holds, pathOf, savedThere, secondTab, send, writeAndSave, written } from "./steps.js";

/** @typedef {import("./harness/tab.js").Tab} Tab */

const LETTER = "Dear Beth and Tom,\n\nI hope you are all well. I think of him.\n\nKerry";
/** What is on these screens is looked at in both languages elsewhere. */
const IN_ENGLISH = { langs: /** @type {const} */ (["en"]) };
/** What the browser notes of a server that is away. */
const AWAY = /ERR_|status of 50\d|^50\d from/;

/**
 * Presses on until the next page is there, as people do: where it says “Try again”, they try again.
 * @param {Tab} tab
 * @param {string} key
 * @param {string} title of the next page
 */
async function insist(tab, key, title) {
  const there = tab.page.getByRole("heading", { level: 1, name: tab.words.t(title), exact: true });
  const again = tab.control("common.again");
  const control = tab.control(key);
  for (let tries = 1; tries <= 5; tries++) {
    await again.or(control).or(there).first().waitFor();
    if (await there.isVisible()) return;
    // What failed may be the page that is here: then it comes, and its control with it.
    if (await again.isVisible()) {
      await again.click();
      continue;
    }
    await control.click();
    await there.or(again).first().waitFor();
  }
  await there.waitFor();
}

journey("the server restarts between every two steps", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const tab = await open("family");
  const restart = () => agency.role("restart", "mediation");
  await tab.visit(kerry, "/letters");
  await tab.at("letters.title");
  await tab.expecting(AWAY, async () => {
    await restart();
    await insist(tab, "letters.write", "write.start.title");
    await restart();
    await insist(tab, "write.start.start", "write.title");
    await restart();
    await writeAndSave(tab, LETTER);
    await restart();
    await insist(tab, "write.check", "write.check.title");
    await restart();
    await insist(tab, "write.check.send", "write.sent.title");
    await restart();
    await insist(tab, "write.sent.see", "letters.sent.title");
    await restart();
    await insist(tab, "letters.sent.read", "letters.read.title");
    const letter = tab.page.locator(".p-letter");
    const again = tab.control("common.again");
    await letter.or(again).first().waitFor();
    if (await again.isVisible()) await again.click();
    assert.equal(await letter.innerText(), LETTER);
  });

  // It is away altogether: said, and tried again without sending twice.
  await tab.press("common.home");
  await tab.at("common.home");
  await tab.press("letters.title");
  await tab.at("letters.title");
  await beginLetter(tab);
  await writeAndSave(tab, LETTER);
  await tab.press("write.check");
  await tab.at("write.check.title");
  await tab.arrived();
  await tab.expecting(AWAY, async () => {
    await agency.role("stop", "mediation");
    await tab.press("write.check.send");
    await tab.reads("common.offline");
    await tab.screen("sending, the server is away");
    await agency.role("start", "mediation");
    await tab.press("write.check.send");
    await tab.at("write.sent.title");
  });
  await tab.press("letters.goHome");
  await tab.at("common.home");
  await tab.press("letters.title");
  await tab.at("letters.title");
  await tab.control("letters.write").waitFor();
  assert.equal(await tab.page.locator(".p-list > li").count(), 2, "each letter once");
}, IN_ENGLISH);

journey("the team changes its key while a letter is sent", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const dee = await open("staff");
  await dee.visit(agency.colleague("Dee"), "/team/key");
  await dee.at("people.key");
  await dee.control("people.key.change").waitFor();
  const tab = await open("family");
  await tab.visit(kerry, "/letters");
  await beginLetter(tab);
  await writeAndSave(tab, LETTER);
  await tab.press("write.check");
  await tab.at("write.check.title");
  await tab.arrived();

  // Until the next key is judged, nothing is sealed to the one before.
  await agency.role("stop", "moderation");
  const taken = dee.page.waitForResponse((response) => /\/epochs$/.test(response.url()) && response.status() === 201);
  await Promise.all([taken, dee.press("people.key.change")]);
  await tab.press("write.check.send");
  await tab.reads("common.over.key-changing");
  await tab.screen("the team changes its key");
  await agency.role("start", "moderation");
  await dee.page.locator("dd").getByText("2", { exact: true }).waitFor({ timeout: 60_000 });
  await tab.press("write.check.send");
  await tab.at("write.sent.title");
});

journey("offline while writing", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const tab = await open("family");
  await tab.visit(kerry, "/letters");
  await beginLetter(tab);
  await writeAndSave(tab, LETTER);
  await tab.expecting(AWAY, async () => {
    await tab.page.context().setOffline(true);
    await tab.reads("common.offline");
    await tab.type("write.label", `${LETTER}\n\nWritten in a tunnel.`);
    await tab.page.getByText(tab.words.t("write.saved.here")).first().waitFor({ timeout: 40_000 });
    await tab.screen("offline, saved on this phone only");
    const saved = savedThere(tab);
    await tab.page.context().setOffline(false);
    await saved;
  });
  await tab.reads("common.online");
  await tab.reads("write.saved");
  await tab.screen("back online");
  // The server has it: another phone sees it.
  const other = await open("family");
  await other.visit(kerry, pathOf(tab));
  await holds(other, `${LETTER}\n\nWritten in a tunnel.`);
});

journey("signed out everywhere while writing", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const tab = await open("family");
  await tab.visit(kerry, "/letters");
  await beginLetter(tab);
  await writeAndSave(tab, LETTER);
  const path = pathOf(tab);
  const other = await open("family");
  await other.visit(kerry, "/settings");
  await other.at("common.settings");
  await other.press("settings.everywhere");
  await other.at("settings.goodbye.title");
  await other.screen("goodbye");

  await tab.type("write.label", `${LETTER}\n\nAfter the end.`);
  await tab.at("common.door.title");
  await tab.reads("common.signedOut");
  assert.equal(await tab.page.getByText("After the end.").count(), 0, "out of sight");
  await tab.screen("signed out while writing");
  await tab.signIn(kerry.name);
  await tab.unlock(kerry.words);
  await tab.press("settings.offer.no");
  await holds(tab, `${LETTER}\n\nAfter the end.`);
  assert.equal(pathOf(tab), path);
});

journey("two tabs", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const tab = await open("family");
  await tab.visit(kerry, "/letters");
  await beginLetter(tab);
  await writeAndSave(tab, LETTER);
  const second = await secondTab(tab);
  await second.goto(pathOf(tab));
  await second.unlock(kerry.words);
  await second.press("settings.offer.no");
  await holds(second, LETTER);
  await writeAndSave(second, `${LETTER}\n\nIn the second tab.`);
  await tab.type("write.label", `${LETTER}\n\nIn the first tab.`);
  await tab.page.getByText(tab.words.t("write.also")).waitFor();
  await tab.press("write.also.both");
  assert.match(await written(tab), /In the first tab\.[^]*In the second tab\./);
  await tab.reads("write.saved");
  await second.page.close();
}, IN_ENGLISH);

journey("a browser that keeps nothing", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const tab = await open("family", {
    prepare: (context) =>
      context.addInitScript(() => {
        const refuse = () => {
          throw new DOMException("refused", "SecurityError");
        };
        for (const kind of ["localStorage", "sessionStorage", "indexedDB"]) {
          Object.defineProperty(globalThis, kind, { get: refuse });
        }
      }),
  });
  // Not even that the page about Exit was read: it comes again after signing in.
  await tab.visit(kerry);
  await tab.at("common.home");
  await tab.press("letters.title");
  await tab.at("letters.title");
  await tab.screen("letters");
  await beginLetter(tab);
  await writeAndSave(tab, LETTER);
  await tab.screen("saved");
  await tab.expecting(AWAY, async () => {
    await tab.page.context().setOffline(true);
    await tab.type("write.label", `${LETTER}\n\nMore.`);
    await tab.page.getByText(tab.words.t("write.saved.nowhere")).first().waitFor({ timeout: 40_000 });
    await tab.screen("kept nowhere");
    const saved = savedThere(tab);
    await tab.page.context().setOffline(false);
    await saved;
  });
  await send(tab);
  await tab.press("write.sent.see");
  await tab.at("letters.sent.title");
  await tab.press("letters.sent.read");
  await tab.at("letters.read.title");
  assert.equal(await tab.page.locator(".p-letter").innerText(), `${LETTER}\n\nMore.`);
}, IN_ENGLISH);

journey("storage is cleared", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const tab = await open("family");
  await tab.visit(kerry, "/letters");
  await beginLetter(tab);
  await writeAndSave(tab, LETTER);
  const path = pathOf(tab);
  await tab.page.evaluate(async () => {
    localStorage.clear();
    sessionStorage.clear();
    for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name ?? "");
  });
  await tab.page.context().clearCookies();
  await tab.goto(path);
  await tab.press("common.safety.understand");
  await tab.at("common.door.title");
  await tab.signIn(kerry.name);
  await tab.unlock(kerry.words);
  await holds(tab, LETTER);
}, IN_ENGLISH);

journey("a clock that is wrong by a day", async ({ agency, open, lang }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  // Ahead in one language, behind in the other.
  const time = Date.now() + (lang === "en" ? 1 : -1) * 86_400_000;
  const tab = await open("family", { prepare: (context) => context.clock.install({ time }) });
  await tab.visit(kerry, "/letters");
  await beginLetter(tab);
  await writeAndSave(tab, LETTER);
  await send(tab);
  await tab.reads("write.sent.by");
  await tab.screen("handed in");
  await tab.press("write.sent.see");
  await tab.at("letters.sent.title");
  await tab.screen("where it is");
});
