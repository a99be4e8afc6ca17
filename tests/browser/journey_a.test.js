// Journey A without its photo: an adoptive parent writes the letter that is planned for this month.

import assert from "node:assert/strict";
import { journey, named } from "./harness/harness.js";
import { holds, pathOf, send, writeAndSave, written } from "./steps.js";

const LETTER = "Dear Kerry,\n\nThis year was a good one. We went to the sea, and there was a lot of cake.\n\nBeth and Tom";

journey("journey A", async ({ agency, open, say, words }) => {
  const beth = named((await agency.newFamily({ due: true })).people, "Beth");
  const tab = await open("family");
  // The phone she used before: it knows her, and she has read about Exit.
  await tab.goto("/home");
  await tab.press("common.safety.understand");

  // The message leads to the site: one tap. Then nothing but what must be pressed.
  await tab.goto("/home");
  tab.begin();
  tab.taps = 1;
  await tab.at("common.door.title");
  await tab.signIn(beth.name);
  await tab.unlock(beth.words);
  await tab.press("letters.home.due.go");
  await tab.at("write.start.title");
  await tab.press("write.start.start");
  await tab.at("write.title");
  const { seconds: first } = tab.took();
  await tab.press("write.ideas");
  await tab.reads("write.idea.year");
  await tab.type("write.label", LETTER);
  const beforeSaving = Date.now();
  await tab.reads("write.saved");
  const waited = (Date.now() - beforeSaving) / 1000;
  await tab.press("write.check");
  await tab.at("write.check.title");
  await tab.page.getByText("a lot of cake").waitFor();
  await tab.press("write.check.send");
  await tab.at("write.sent.title");
  await tab.reads("write.sent.by");
  const { taps, seconds } = tab.took();
  const total = seconds - waited;
  say(`journey A: ${taps} taps, first keystroke after ${first.toFixed(1)} s, date shown after ${total.toFixed(1)} s`);
  // 16, 55 and 120 with the photo, which takes 8 taps and 45 seconds.
  assert.ok(taps <= 8, `${taps} taps`);
  await tab.screen("handed in");
  assert.match(await tab.page.locator(".govuk-panel").innerText(), new RegExp(words.t("write.sent.with", { agency: ".+" })));

  await tab.press("write.sent.see");
  await tab.at("letters.sent.title");
  await tab.page.getByText(words.t("letters.time.sent")).waitFor();
  await tab.screen("where it is");
  await tab.press("letters.sent.read");
  await tab.at("letters.read.title");
  assert.equal(await tab.page.locator(".p-letter").innerText(), LETTER);
  await tab.screen("her own copy");
});

journey("journey A, taken back and gone on with elsewhere", async ({ agency, open }) => {
  const beth = named((await agency.newFamily({ due: true })).people, "Beth");
  const tab = await open("family");
  await tab.visit(beth);
  await tab.at("common.home");
  await tab.reads("letters.home.due");
  await tab.screen("home, a letter is due");
  await tab.press("letters.home.due.go");
  await tab.at("write.start.title");
  await tab.screen("start");
  await tab.choose("write.start.ideas");
  await tab.press("write.start.start");
  await tab.at("write.title");
  await tab.reads("write.idea.question");
  await tab.screen("an empty page with ideas");
  await tab.press("write.check");
  await tab.page.locator(".govuk-error-summary").waitFor();
  await tab.screen("nothing written yet");
  await writeAndSave(tab, `${LETTER}\n\nYou can ring us on 07700 900123.`);
  await tab.screen("saved");
  await tab.press("write.check");
  await tab.at("write.check.title");
  await tab.reads("write.flags");
  await tab.screen("checking, with a phone number");
  await tab.press("write.check.send");
  await tab.at("write.sent.title");
  await tab.reads("write.sent.by");
  await tab.press("letters.goHome");
  await tab.at("common.home");
  await tab.reads("letters.home.nothing.month");
  await tab.screen("home, nothing to do");
  await tab.press("letters.title");
  await tab.at("letters.title");
  await tab.screen("letters");
  await tab.page.locator(".p-list").getByRole("link").first().click();
  await tab.at("letters.sent.title");
  await tab.arrived();

  await tab.press("letters.back");
  await tab.reads("letters.back.sure");
  await tab.screen("take it back?");
  await tab.press("letters.back");
  await tab.reads("letters.back.done");
  await tab.screen("taken back");
  await tab.press("letters.back.again");
  await tab.at("write.title");
  await tab.arrived();
  assert.match(await written(tab), /07700 900123/);
  await writeAndSave(tab, LETTER);

  // Her tablet goes on where the phone stopped.
  const tablet = await open("family");
  await tablet.visit(beth);
  await tablet.at("common.home");
  await tablet.reads("letters.home.draft");
  await tablet.screen("home, a letter is begun");
  await tablet.press("letters.home.draft.go");
  await holds(tablet, LETTER);
  await writeAndSave(tablet, `${LETTER}\n\nFrom the tablet.`);

  // The phone did not know. Neither text goes over the other.
  await tab.type("write.label", `${LETTER}\n\nFrom the phone.`);
  await tab.reads("write.also");
  await tab.screen("also wrote on another phone");
  await tab.press("write.also.theirs");
  await tab.page.getByText("From the tablet.").waitFor();
  await tab.press("write.also.both");
  await tab.at("write.title");
  const both = await written(tab);
  assert.match(both, /From the phone\.[^]*From the tablet\./);
  await tab.reads("write.saved");
  const path = pathOf(tab);
  await send(tab);

  // And the tablet, which did not know that it was sent.
  await tablet.goto(path);
  await tablet.unlock(beth.words);
  await tablet.press("settings.offer.no");
  await tablet.at("letters.sent.title");
  await tablet.press("letters.sent.read");
  await tablet.at("letters.read.title");
  assert.equal(await tablet.page.locator(".p-letter").innerText(), both);
});
