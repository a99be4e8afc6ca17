// F2 to F10: a birth mother joins with the sheet from the post, on her phone, by herself; then a
// worker rings her and certifies what she reads out.

import assert from "node:assert/strict";
import { journey, named } from "./harness/harness.js";

/** @typedef {import("./harness/tab.js").Tab} Tab */

/** @param {Tab} tab */
async function shownWords(tab) {
  const words = await tab.shownWords();
  assert.equal(words.length, 4);
  assert.equal(new Set(words).size, 4);
  return words;
}

/** @param {Tab} tab */
const pathOf = (tab) => new URL(tab.page.url()).pathname;

journey("join", async ({ agency, open, say }) => {
  const family = await agency.newFamily({ newcomer: true });
  const { code } = family;
  assert.ok(code !== null);
  const tab = await open("family");

  // The QR code's address: the code never reaches a server, nor stays in the address.
  await tab.goto(`/join#${code}`);
  tab.begin();
  await tab.press("common.safety.understand");
  await tab.at("join.code.title");
  assert.equal(tab.page.url(), `${agency.family.origin}/join`);
  assert.equal((await tab.field("join.code.label").inputValue()).replaceAll(/\W/g, ""), code.replaceAll(/\W/g, ""));
  await tab.screen("code from the QR");
  await tab.press("join.continue");
  await tab.at("join.account.title");
  await tab.screen("two steps");
  await tab.press("join.account.go");
  await tab.page.getByLabel("Another name").fill(family.newcomer);
  await tab.page.getByRole("button", { name: "Sign in" }).click();

  await tab.at("join.words.title");
  await tab.reads("join.private");
  const first = await shownWords(tab);
  await tab.screen("words");
  await tab.press("join.words.new");
  await tab.page.getByText(first[0] ?? "", { exact: true }).first().waitFor({ state: "detached" });
  const words = await shownWords(tab);
  await tab.press("join.words.done");

  await tab.at("join.try.title");
  await tab.press("join.try.check");
  await tab.reads("join.try.empty");
  await tab.type("join.try.label", [...words.slice(0, 2), "other", words[3]].join(" "));
  await tab.press("join.try.check");
  await tab.reads("join.try.wrong", { n: 3 });
  await tab.screen("word 3 does not match");
  await tab.press("join.try.again");
  await tab.at("join.words.title");
  assert.deepEqual(await shownWords(tab), words, "the card still holds");
  await tab.page.goBack();
  await tab.at("join.try.title");
  await tab.type("join.try.label", words.join("").toUpperCase());
  await tab.press("join.try.check");

  await tab.at("join.messages.title");
  await tab.reads("join.messages.preview");
  await tab.screen("messages");
  await tab.press("join.messages.save");
  await tab.reads("join.messages.how.wrong");
  await tab.choose("join.messages.text");
  await tab.type("join.messages.number", "12");
  await tab.press("join.messages.save");
  await tab.reads("join.messages.number.wrong");
  await tab.choose("join.messages.email");
  await tab.type("join.messages.mail", "kerry.new@example.org");
  await tab.type("join.avoid.label", "31/2");
  await tab.press("join.avoid.add");
  await tab.reads("join.avoid.wrong");
  await tab.type("join.avoid.label", "25/12");
  await tab.press("join.avoid.add");
  await tab.page.locator(".p-list > li").waitFor();
  await tab.screen("messages, filled in");
  await tab.press("join.messages.save");

  await tab.at("join.waiting.title");
  await tab.reads("join.waiting.never");
  const digits = await tab.page.locator(".p-digits [aria-hidden]").innerText();
  assert.match(digits, /^\d{4} \d{4}$/);
  await tab.screen("waiting");
  const { taps, typed, seconds } = tab.took();
  say(`from the sheet to waiting, mistakes included: ${taps} presses, ${typed} fields, ${seconds.toFixed(0)} s`);

  // She stops here and comes back another day: to the same numbers.
  await tab.press("join.waiting.done");
  await tab.at("settings.goodbye.title");
  await tab.screen("goodbye");
  await tab.goto("/join/waiting");
  await tab.signIn(family.newcomer);
  await tab.unlock(words.join(" "));
  await tab.at("join.waiting.title");
  assert.equal(await tab.page.locator(".p-digits [aria-hidden]").innerText(), digits);

  const priya = agency.colleague("Priya");
  const desk = await open("staff");
  await desk.visit(priya, `/desk/arrangements/${family.arrangement}`);
  await desk.type("people.certify.digits", digits);
  await desk.press("people.certify");
  await desk.control("people.online").click({ timeout: 60_000 });

  // The page goes on by itself.
  await tab.page.waitForURL("**/plan", { timeout: 60_000 });
  await tab.at("join.plan.title");
  await tab.reads("join.plan.photos.no");
  await tab.screen("plan");
  await tab.press("join.plan.right");
  await tab.at("join.done.title");
  await tab.screen("done");
  await tab.press("join.done.home");
  await tab.control("common.settings").waitFor();
  assert.equal(pathOf(tab), "/home");
});

journey("join with a code that is wrong or used", async ({ agency, open }) => {
  const family = await agency.newFamily({ newcomer: true });
  const tab = await open("family");
  await tab.goto();
  await tab.press("common.door.code");
  await tab.press("common.safety.understand");
  await tab.at("join.code.title");
  await tab.screen("code");
  for (const typed of ["", "K7PM 4XQD", "K7PM 4XQD 9RTW"]) {
    await tab.type("join.code.label", typed);
    await tab.press("join.continue");
    await tab.page.locator(".govuk-error-summary").getByText(tab.words.t("join.code.wrong")).waitFor();
    assert.equal(await tab.field("join.code.label").inputValue(), typed);
  }
  await tab.screen("no such code");

  // Somebody with a letterbox uses the sheet; nobody else can after that.
  const beth = named(family.people, "Beth");
  const first = await open("family");
  await first.goto(`/join#${family.code}`);
  await first.press("common.safety.understand");
  await first.press("join.continue");
  await first.at("join.account.title");
  await first.press("join.account.go");
  await first.page.getByRole("link", { name: beth.name, exact: true }).click();
  await first.unlock(beth.words);
  await first.at("join.messages.title");
  await first.screen("messages of somebody who has a letterbox");

  await tab.type("join.code.label", family.code ?? "");
  await tab.press("join.continue");
  await tab.page.locator(".govuk-error-summary").waitFor();
  await tab.reads("join.code.used", { phone: agency.phone });
  await tab.screen("code that was used");
});
