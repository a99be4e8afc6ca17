// T3, C6, C12, C13 and what comes between: second decisions, a letter that a colleague has taken,
// no connection, a server that restarts, a desk that locks itself, other keys, messages.

import assert from "node:assert/strict";
import { bent, journey, lie, named } from "./harness/harness.js";
import { comesTo } from "./steps.js";

/** @typedef {import("./harness/tab.js").Tab} Tab */

const MINUTE = 60_000;
const KEPT_BY = (/** @type {string} */ by) => [{ by, outcome: /** @type {const} */ ("keep"), reason: "risk" }];

/** @param {Tab} tab */
async function allClear(tab) {
  await tab.page.locator("#deliver, [aria-describedby=second-hint]").first().waitFor();
  await tab.page.locator(`[data-seen=end]`).scrollIntoViewIfNeeded();
  await tab.press("desk.step.allClear");
}

/**
 * Opens the second decision on the letter that holds these words.
 * @param {Tab} tab
 * @param {string} letter
 * @param {string} words
 */
async function second(tab, letter, words) {
  await tab.ride("/team/second-decisions");
  await tab.at("desk.seconds");
  await tab.page.locator(`a[href="/desk/check/${letter}"]`).click();
  await tab.page.getByText(words).waitFor();
  await tab.reads("desk.second.title");
}

journey("second decisions", async ({ agency, open }) => {
  const two = await agency.newFamily({ reviewers: 2 });
  const one = await agency.newFamily();
  const [beth, beth2] = [named(two.people, "Beth"), named(one.people, "Beth 2")];
  const half = await agency.letter(two, beth, "Dear Kerry, this one needs two.", [
    { by: "Sam", outcome: "deliver", reason: "fits-plan" },
  ]);
  const agreed = await agency.letter(one, beth2, "Dear Kerry, keep this one.", KEPT_BY("Sam"));
  const disagreed = await agency.letter(one, beth2, "Dear Kerry, do not keep this one.", KEPT_BY("Sam"));
  const own = await agency.letter(one, beth2, "Dear Kerry, Priya has seen this one.", KEPT_BY("Priya"));

  const tab = await open("staff");
  // Whoever decided first has had their say.
  await tab.visit(agency.colleague("Priya"), `/desk/check/${own.letter}`);
  await tab.reads("desk.second.blocked");
  await tab.screen("not by the same person");
  await tab.ride("/team/second-decisions");
  await tab.at("desk.seconds");
  await tab.reads("desk.second.blocked");
  assert.equal(await tab.page.locator(`a[href="/desk/check/${own.letter}"]`).count(), 0);
  await tab.screen("what waits for a second person");

  await second(tab, half.letter, "this one needs two");
  await tab.screen("a second decision");
  await tab.press("desk.agree");
  await tab.page.getByText(tab.words.t("desk.tickFirst")).first().waitFor();
  await allClear(tab);
  await tab.press("desk.agree");
  await tab.at("desk.said.deliver");
  await tab.screen("agreed to deliver");

  await second(tab, agreed.letter, "keep this one");
  await tab.press("desk.agree");
  await tab.at("desk.said.kept");

  await second(tab, disagreed.letter, "do not keep this one");
  await tab.screen("kept by a first person");
  await tab.press("desk.disagree");
  await tab.reads("desk.disagree.how");
  await tab.screen("disagreeing");
  await allClear(tab);
  await tab.page.locator("#deliver").click();
  await tab.at("desk.said.deliver");
  await tab.ride("/desk/queue");
  await tab.at("desk.queue");

  const writer = await open("family");
  await writer.visit(beth2);
  await writer.control("common.settings").waitFor();
  await comesTo(writer, disagreed, "passed_on");
  await comesTo(writer, agreed, "kept");
});

journey("an interrupted check", async ({ agency, open, words }) => {
  const family = await agency.newFamily();
  const beth = named(family.people, "Beth");
  const { letter } = await agency.letter(family, beth, "Dear Kerry, we went to the sea.\n\nLove, Beth");
  const priya = agency.colleague("Priya");
  const tab = await open("staff");
  await tab.page.clock.install();
  await tab.goto();
  await tab.signIn(priya.name);
  await tab.unlock("not one of these six words");
  await tab.reads("people.unlock.wrong");
  await tab.screen("wrong words");
  await tab.unlock(priya.words);
  await tab.at("desk.today");

  await keys(tab);

  // No connection: what is open stays, deciding waits.
  await tab.ride(`/desk/check/${letter}`);
  await tab.at("desk.letter");
  await tab.page.getByText("we went to the sea").waitFor();
  await tab.screen("a letter");
  await tab.expecting(/ERR_INTERNET_DISCONNECTED/, async () => {
    await tab.page.context().setOffline(true);
    await tab.reads("common.offline.staff");
    await allClear(tab);
    assert.ok(await isOff(tab.page.locator("#deliver")), "nothing is decided without a connection");
    await tab.screen("offline");
    await tab.page.context().setOffline(false);
  });
  await tab.page.locator("#deliver:not([aria-disabled=true]):not([disabled])").waitFor();

  // What was typed outlives the lock.
  await tab.press("desk.step.return");
  await tab.type("desk.comment", "Please leave out the name of the beach.");
  await tab.page.clock.runFor(14 * MINUTE);
  await tab.page.getByRole("alertdialog").waitFor();
  await tab.screen("still there?");
  await tab.page.clock.runFor(2 * MINUTE);
  await tab.at("people.unlock");
  await tab.reads("people.unlock.locked");
  assert.ok(!(await tab.page.locator("body").innerText()).includes("the sea"), "the letter is gone from the screen");
  await tab.screen("locked");
  await tab.unlock(priya.words);
  await tab.page.getByText("we went to the sea").waitFor();
  await tab.press("desk.step.return");
  await tab.page.waitForFunction(() => document.querySelector("textarea")?.value.includes("the beach"));
  await tab.press("desk.cancel");

  await restarted(tab, agency, letter);
  await lost({ agency, open, tab, family, beth, words });
});

/** @param {import("playwright-core").Locator} button */
async function isOff(button) {
  return (await button.isDisabled()) || (await button.getAttribute("aria-disabled")) === "true";
}

/**
 * C13: one key for another, and none at all.
 * @param {Tab} tab
 */
async function keys(tab) {
  await tab.press("desk.shortcuts");
  await tab.at("desk.shortcuts");
  await tab.screen("keys");
  await tab.type("desk.step.deliver", "r");
  await tab.press("desk.shortcuts.save");
  await tab.reads("desk.shortcuts.clash", { key: "r" });
  await tab.screen("one key for two steps");
  await tab.type("desk.step.deliver", "x");
  await tab.press("desk.shortcuts.save");
  await tab.reads("desk.shortcuts.saved");
  await tab.press("common.home");
  await tab.at("desk.today");
  await tab.control("desk.start", { n: 1 }).waitFor();
  await tab.page.keyboard.press("Enter");
  await tab.page.getByText("we went to the sea").waitFor();
  await tab.page.keyboard.press("d");
  assert.notEqual(await tab.page.evaluate(() => document.activeElement?.id), "deliver");
  await tab.page.keyboard.press("x");
  await tab.page.waitForFunction(() => document.activeElement?.id === "deliver");

  await tab.ride("/desk/shortcuts");
  await tab.at("desk.shortcuts");
  await tab.field("desk.shortcuts.use").uncheck();
  await tab.press("desk.shortcuts.save");
  await tab.reads("desk.shortcuts.saved");
  await tab.ride("/desk/review");
  await tab.page.getByText("we went to the sea").waitFor();
  await tab.page.keyboard.press("x");
  await tab.page.keyboard.press("1");
  assert.equal(await tab.page.locator("input[id^=tick]:checked").count(), 0, "single keys are off");
  assert.equal(await tab.page.locator("kbd").filter({ visible: true }).count(), 0, "and so are the hints");
  await tab.screen("without keys");
}

/**
 * The server goes away in the middle: the decision is kept, and sent when it is back.
 * @param {Tab} tab
 * @param {import("./harness/harness.js").Agency} agency
 * @param {string} letter
 */
async function restarted(tab, agency, letter) {
  await tab.page.locator("#tick1").waitFor();
  if ((await tab.page.locator("input[id^=tick]:checked").count()) < 7) await allClear(tab);
  await tab.page.locator("#deliver").click();
  await tab.at("desk.said.deliver");
  await tab.expecting(/ERR_|Failed to|status of 5|5\d\d from/, async () => {
    await agency.role("stop", "mediation");
    await tab.page.clock.runFor(21_000);
    await tab.reads("desk.outbox.unsent");
    await agency.role("start", "mediation");
    await tab.screen("not sent yet");
  });
  await tab.press("common.again");
  await tab.page.getByText(tab.words.t("desk.outbox.unsent")).waitFor({ state: "detached" });
  await tab.page.getByText(tab.words.t("desk.outbox.sending")).waitFor({ state: "detached" });
  await tab.reads("desk.said.deliver");
  const answer = await tab.page.context().request.get(`${agency.staff.origin}/api/letters/${letter}/decisions`);
  assert.equal((await answer.json()).length, 1, "it was sent once");
}

/**
 * A letter given back is taken by a colleague; the first browser notices, and decides no more.
 * @param {{ agency: import("./harness/harness.js").Agency, open: import("./harness/harness.js").Stage["open"],
 *   tab: Tab, family: import("./harness/world.js").Family, beth: import("./harness/world.js").Person,
 *   words: import("./harness/words.js").Words }} at
 */
async function lost({ agency, open, tab, family, beth, words }) {
  const { letter } = await agency.letter(family, beth, "Dear Kerry, it snowed.\n\nLove, Beth");
  await tab.ride(`/desk/check/${letter}`);
  await tab.page.getByText("it snowed").waitFor();
  const given = await tab.page.evaluate(async (letter) => {
    const answer = await fetch(`/api/checks/${letter}/claim`, { method: "DELETE" });
    return answer.ok;
  }, letter);
  assert.ok(given);
  await tab.page.keyboard.press("Shift");
  await tab.page.clock.runFor(4 * MINUTE);
  await tab.reads("desk.lost.nobody");
  await tab.screen("back in the queue");

  const sam = await open("staff");
  await sam.visit(agency.colleague("Sam"), `/desk/check/${letter}`);
  await sam.page.getByText("it snowed").waitFor();
  await sam.screen("taken by a colleague");
  await tab.press("desk.lost.again");
  await tab.page.getByText(words.pattern("desk.held")).waitFor();
  await tab.screen("a colleague has it");
  await tab.ride("/desk/queue");
  await tab.page.getByText(words.pattern("desk.claimed")).waitFor();
  await tab.screen("the queue");
}

journey("messages from families", async ({ agency, open }) => {
  const family = await agency.newFamily();
  const beth = await open("family");
  await beth.visit(named(family.people, "Beth"), "/plan");
  await beth.at("join.plan.title");
  await beth.press("join.changed.summary");
  await beth.type("join.changed.label", "We have moved. <b>Please</b> ring.");
  await beth.press("join.changed.tell");
  await beth.reads("join.changed.sent");

  const tab = await open("staff");
  await tab.visit(agency.colleague("Priya"));
  await tab.at("desk.today");
  await tab.page.getByText(tab.words.t("desk.messages.plan", { n: 1 })).waitFor();
  await tab.page.locator('a[href="/desk/messages"]').click();
  await tab.at("desk.messages");
  await tab.screen("a message");
  await tab.page.locator("main li button").click();
  await tab.page.getByText("We have moved. <b>Please</b> ring.").waitFor();
  await tab.screen("a message, opened");
  await tab.press("desk.messages.done");
  await tab.reads("desk.messages.empty");
  await tab.screen("no messages");

  // One that cannot be read is answered all the same, by asking what it said.
  await beth.ride("/home");
  await beth.at("common.home");
  await beth.ride("/plan");
  await beth.at("join.plan.title");
  await beth.press("join.changed.summary");
  await beth.type("join.changed.label", "We have moved again.");
  await beth.press("join.changed.tell");
  await beth.reads("join.changed.sent");
  const told = await lie(tab.page.context(), {
    path: /^\/api\/messages$/,
    change: (waiting) => waiting.forEach((/** @type {any} */ one) => void (one.ciphertext = bent(one.ciphertext))),
  });
  await tab.ride("/desk");
  await tab.at("desk.today");
  await tab.ride("/desk/messages");
  await tab.at("desk.messages");
  await tab.page.locator("main li button").click();
  await tab.page.locator("main .govuk-warning-text").waitFor();
  assert.equal(await tab.page.getByText("We have moved again.").count(), 0, "what is not verified is not shown");
  await tab.screen("a message that cannot be read");
  await tab.press("desk.messages.done");
  await tab.reads("desk.messages.empty");
  await told.stop();

  const dee = await open("staff");
  await dee.visit(agency.colleague("Dee"), "/team/quarantine");
  await dee.at("desk.quarantine");
  await dee.reads("desk.quarantine.empty");
  await dee.screen("nothing was stopped");
});
