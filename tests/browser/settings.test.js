// F9, F11, F12, F30, F31, F33: what somebody may change, ask for and leave; and the same for staff.

import assert from "node:assert/strict";
import { addAuthenticator, journey, named } from "./harness/harness.js";

/** @typedef {import("./harness/tab.js").Tab} Tab */

/** @param {Tab} tab */
const pathOf = (tab) => new URL(tab.page.url()).pathname;

/**
 * @param {Tab} tab
 * @param {number} minutes
 */
async function waits(tab, minutes) {
  await tab.page.getByText(tab.words.plural("settings.unlock.wait", minutes), { exact: true }).first().waitFor();
}

journey("settings", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const tab = await open("family");
  await tab.visit(kerry);
  await tab.press("common.settings");
  await tab.at("common.settings");
  await tab.screen("settings");

  await tab.press("settings.messages");
  await tab.at("join.messages.title");
  await tab.choose("join.messages.post");
  await tab.type("join.messages.home", "5 Quiet Row\nPontypridd\nCF37 1AA");
  await tab.choose("join.messages.text");
  await tab.choose("join.messages.post");
  assert.match(await tab.field("join.messages.home").inputValue(), /Quiet Row/, "what was typed stays");
  await tab.press("join.messages.save");
  await tab.reads("settings.messages.saved");
  await tab.screen("messages are saved");
  await tab.page.getByRole("main").getByRole("link", { name: tab.words.t("common.settings") }).click();

  await tab.press("settings.words");
  await tab.at("join.words.title");
  const words = await tab.shownWords();
  await tab.screen("new words");
  await tab.press("join.words.done");
  await tab.type("join.try.label", words.join("  "));
  await tab.press("join.try.check");
  await tab.at("settings.words.title");
  await tab.screen("words are changed");

  await tab.press("common.settings");
  await tab.at("common.settings");
  await tab.screen("settings again");
  await tab.press("settings.device.use");
  await tab.reads("settings.device.on");
  await tab.screen("this phone remembers");
  // Loaded anew it opens by itself.
  await tab.goto("/plan");
  await tab.at("join.plan.title");
  await tab.press("join.changed.summary");
  await tab.press("join.changed.tell");
  await tab.reads("join.changed.empty");
  await tab.screen("nothing written");
  await tab.type("join.changed.label", "I have moved. Please ring me.");
  await tab.press("join.changed.tell");
  await tab.reads("join.changed.sent");
  await tab.screen("the team was told");

  await tab.press("common.help");
  await tab.at("common.help");
  await tab.reads("settings.help.advocate");
  await tab.screen("help");
  for (const more of ["paper", "private"]) await tab.press(`settings.help.${more}`);
  await tab.screen("help, all of it");
  await tab.type("settings.help.safe", "Mondays after ten");
  await tab.press("settings.help.safe.ask");
  await tab.reads("settings.help.safe.sent");
  await tab.screen("a call is asked for");

  await tab.press("common.settings");
  await tab.press("settings.device.stop");
  await tab.reads("settings.device.shared");
  await tab.press("settings.everywhere");
  await tab.at("settings.goodbye.title");
  await tab.screen("goodbye");
  await tab.press("settings.goodbye.again");
  await tab.signIn(kerry.name);
  await tab.unlock(kerry.words);
  await tab.reads("settings.unlock.wrong");
  await tab.unlock(words.join(" "));
  // Words opened it here for the second time.
  await tab.at("settings.offer.title");
  await tab.press("settings.offer.no");
  await tab.control("common.settings").waitFor();
});

journey("phone lock", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const tab = await open("family");
  const lock = await addAuthenticator(tab.page);
  await tab.visit(kerry);
  await tab.control("common.settings").waitFor();
  await tab.goto("/settings");
  await tab.unlock(kerry.words);
  await tab.at("settings.offer.title");
  await tab.screen("an easier way is offered");
  await tab.press("settings.lock.use");
  await tab.at("common.settings");
  assert.equal(await lock.count(), 1);
  await tab.reads("settings.lock.on");

  await tab.goto("/plan");
  await tab.at("settings.unlock.title");
  await tab.screen("lock, with phone lock");
  await tab.press("settings.unlock.lock");
  await tab.at("join.plan.title");
  assert.equal(pathOf(tab), "/plan");

  // A lock that says no leaves the words; and no means no, so this comes last.
  await lock.agree(false);
  await tab.goto("/plan");
  await tab.at("settings.unlock.title");
  await tab.press("settings.unlock.lock");
  await tab.reads("settings.unlock.lock.refused");
  await tab.screen("phone lock refused");
  await tab.unlock(kerry.words);
  await tab.at("join.plan.title");
});

journey("forgotten words", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const tab = await open("family");
  await tab.goto();
  await tab.signIn(kerry.name);
  await tab.press("common.safety.understand");
  await tab.at("settings.unlock.title");
  await tab.screen("lock");
  for (let tries = 0; tries < 5; tries++) {
    await tab.unlock(`not these ${"ever".repeat(tries)}`);
    await tab.page.locator("form button[aria-disabled]").waitFor({ state: "detached" });
    await tab.reads("settings.unlock.wrong");
  }
  await waits(tab, 1);
  await tab.screen("five wrong tries");
  // A page loaded anew has not counted them; the server has.
  await tab.goto("/plan");
  await tab.at("settings.unlock.title");
  await tab.screen("lock again");
  await tab.unlock(kerry.words);
  await waits(tab, 60);
  await tab.screen("too many tries");
  await tab.press("settings.unlock.forgot");
  await tab.at("settings.forgot.title");
  await tab.screen("forgot");
  await tab.press("settings.forgot.ask");
  await tab.at("settings.forgot.title");
  await tab.reads("settings.forgot.next");
  await tab.screen("asked for new words");
  await tab.goto("/forgot");
  await tab.reads("settings.forgot.next");
});

journey("settings of staff", async ({ agency, open }) => {
  const priya = agency.colleague("Priya");
  const [tab, other] = [await open("staff"), await open("staff", { screen: "phone" })];
  await other.visit(priya);
  await other.at("desk.today");
  await tab.visit(priya);
  await tab.at("desk.today");
  await tab.press("common.settings");
  await tab.at("common.settings");
  await tab.arrived();
  await tab.press("people.device.remember");
  await tab.reads("people.device.kept");
  await tab.screen("settings");

  await tab.press("people.newWords");
  await tab.at("people.newWords");
  const words = await tab.shownWords();
  assert.equal(words.length, 6);
  await tab.screen("new words");
  await tab.press("people.words.written");
  await tab.type("people.words.label", priya.words);
  await tab.press("people.words.check");
  await tab.page.getByText(tab.words.t("people.words.wrong", { n: 1 })).first().waitFor();
  await tab.screen("not the words on the new card");
  await tab.type("people.words.label", words.join("  "));
  await tab.press("people.words.check");
  await tab.at("people.newWords.title");
  await tab.screen("words are changed");

  // Where the desk is open it stays so; loaded anew it asks for the new words.
  await other.press("common.settings");
  await other.at("common.settings");
  await other.screen("settings on a phone");
  await other.press("people.newWords");
  await other.shownWords();
  await other.screen("new words on a phone");
  await other.goto("/desk");
  await other.unlock(priya.words);
  await other.reads("people.unlock.wrong");
  await other.unlock(words.join(" "));
  await other.at("desk.today");

  await tab.press("common.settings");
  await tab.at("common.settings");
  await tab.press("people.everywhere");
  await tab.at("common.staff.title");
  await tab.reads("people.goodbye");
  await tab.screen("goodbye");
  await other.press("people.nav");
  await other.at("common.staff.title");
  await other.reads("common.signedOut");
  await other.screen("signed out from elsewhere");

  // Signed in again, this computer still opens the desk by itself; the other has the new words.
  await tab.signIn(priya.name);
  await tab.at("desk.today");
  await other.signIn(priya.name);
  await other.unlock(words.join(" "));
  await other.at("people.arrangements");
});
