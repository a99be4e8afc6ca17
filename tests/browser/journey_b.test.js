// Journey B: a birth mother with the sheet from the post. She joins, stops while a worker rings her,
// reads the letter that waits for her, says that she has it, and writes back.

import assert from "node:assert/strict";
import { journey, named, PASSED_ON } from "./harness/harness.js";
import { pathOf, written } from "./steps.js";

const LETTER = "Dear Kerry,\n\nHe has grown so much, and he still loves the dog.\n\nBeth and Tom";
const ANSWER = "Dear Beth and Tom,\n\nThank you for telling me. What is the dog called?\n\nKerry";

journey("journey B", async ({ agency, open, say, words }) => {
  const family = await agency.newFamily({ newcomer: true });
  const tab = await open("family");
  // What she types and presses, without the time that checking her screens takes.
  let paused = 0;
  const look = async (/** @type {string} */ name) => {
    const from = Date.now();
    await tab.screen(name);
    paused += (Date.now() - from) / 1000;
  };

  tab.begin();
  tab.taps = 1; // The camera's link to the address in the code on the sheet.
  await tab.goto(`/join#${family.code}`);
  await tab.at("common.safety.title");
  await look("staying private");
  await tab.press("common.safety.understand");
  await tab.at("join.code.title");
  assert.equal(tab.page.url(), `${agency.family.origin}/join`);
  await look("code filled in");
  await tab.press("join.continue");
  await tab.at("join.account.title");
  await look("two steps");
  await tab.press("join.account.go");
  await tab.page.getByLabel("Another name").fill(family.newcomer);
  await tab.page.getByRole("button", { name: "Sign in" }).click();
  tab.taps += 5; // What a real provider asks for.

  await tab.at("join.words.title");
  const hers = (await tab.shownWords()).join(" ");
  await look("words");
  await tab.press("join.words.done");
  await tab.at("join.try.title");
  await look("practise");
  await tab.type("join.try.label", hers);
  await tab.press("join.try.check");
  await tab.at("join.messages.title");
  await look("messages");
  await tab.choose("join.messages.text");
  await tab.type("join.messages.number", "07700 900123");
  await tab.press("join.messages.save");
  await tab.at("join.waiting.title");
  await tab.reads("join.waiting.never");
  const digits = await tab.page.locator(".p-digits [aria-hidden]").innerText();
  assert.match(digits, /^\d{4} \d{4}$/);
  await look("waiting to be rung");
  const joined = tab.took();

  // The worker rings. What she hears wrong certifies nobody.
  const desk = await open("staff");
  await desk.visit(agency.colleague("Priya"), `/desk/arrangements/${family.arrangement}`);
  await desk.field("people.certify.digits").waitFor();
  await desk.screen("she waits to be rung");
  const last = Number(digits.at(-1));
  await desk.type("people.certify.digits", digits.slice(0, -1) + ((last + 1) % 10));
  await desk.press("people.certify");
  await desk.reads("people.certify.wrong");
  await desk.screen("wrong digits");
  await desk.type("people.certify.digits", digits);
  await desk.press("people.certify");
  await desk.control("people.online").click({ timeout: 60_000 });

  // Her page goes on by itself.
  await tab.page.waitForURL("**/plan", { timeout: 60_000 });
  await tab.at("join.plan.title");
  await tab.reads("join.plan.right");
  await tab.screen("plan");
  await tab.press("join.plan.right");
  await tab.at("join.done.title");
  await tab.screen("done");
  const taps = joined.taps + 1;
  const seconds = joined.seconds - paused;
  say(`journey B, joining: ${taps} taps, ${joined.typed} fields, ${seconds.toFixed(1)} s of the machine's`);
  assert.ok(taps <= 20, `${taps} taps`);

  await agency.letter(family, named(family.people, "Beth"), LETTER, PASSED_ON);
  await tab.press("join.done.home");
  await tab.at("common.home");
  await tab.reads("letters.home.new");
  await tab.screen("home, something is here");
  tab.begin();
  await tab.press("letters.home.new.go");
  await tab.at("letters.before.title");
  await tab.reads("letters.before.minutes.one");
  await tab.control("letters.before.now").waitFor();
  assert.equal(await tab.page.getByText("still loves the dog").count(), 0, "choice before content");
  const before = tab.took().seconds;
  await tab.screen("before reading");
  await tab.press("letters.before.with");
  await tab.reads("letters.before.with.text");
  await tab.screen("with somebody");
  tab.taps -= 1;
  await tab.press("letters.before.now");
  await tab.at("letters.read.title");
  await tab.page.locator(".p-letter").waitFor();
  assert.equal(await tab.page.locator(".p-letter").innerText(), LETTER);
  assert.equal(tab.took().taps, 2);
  await tab.screen("the letter");
  await tab.press("letters.read.stop");
  await tab.reads("letters.stopped.title");
  assert.equal(await tab.page.getByText("still loves the dog").count(), 0, "out of sight");
  await tab.screen("stopped");
  await tab.press("letters.stopped.on");

  tab.begin();
  await tab.press("letters.read.gotIt");
  await tab.at("letters.gotIt.title");
  await tab.screen("I have it");
  await tab.press("letters.send");
  await tab.at("letters.gotIt.done");
  await tab.screen("they are told");
  const told = tab.took().taps;

  tab.begin();
  await tab.press("letters.read.back");
  await tab.at("write.title");
  await tab.press("write.ideas");
  await tab.type("write.label", ANSWER);
  assert.equal(await written(tab), ANSWER);
  await tab.press("write.check");
  await tab.at("write.check.title");
  await tab.press("write.check.send");
  await tab.at("write.sent.title");
  await tab.reads("write.sent.by");
  const answered = tab.took();
  say(`journey B: Before in ${before.toFixed(1)} s; read 2, "I have it" ${told}, write back ${answered.taps} taps`);
  say(`journey B, write back: ${answered.seconds.toFixed(1)} s of the machine's`);
  assert.ok(told <= 2 && answered.taps <= 4, `${told} and ${answered.taps} taps`);
  await tab.screen("answer handed in");
  await tab.press("letters.goHome");
  await tab.at("common.home");
  assert.equal(pathOf(tab), "/home");

  // Beth is told that Kerry has it, and nothing about reading.
  const beth = await open("family");
  await beth.visit(named(family.people, "Beth"), "/letters");
  await beth.at("letters.title");
  await beth.page.locator(".p-list").getByRole("link").first().click();
  await beth.at("letters.sent.title");
  const phrase = words.t("letters.receipt.thanks");
  await beth.page.getByText(words.t("letters.time.receipt", { phrase })).waitFor();
  await beth.screen("passed on, and she has it");
});
