// What families meet besides the straight way: words that do not open it, a letter that needs a change,
// one that is kept, and who looked.

import assert from "node:assert/strict";
import { journey, named } from "./harness/harness.js";
import { holds, pathOf, send } from "./steps.js";

const LETTER = "Dear Kerry,\n\nHe started at Hillside Primary and likes it there.\n\nBeth and Tom";
const COMMENT = "“Hillside Primary”\n\nPlease leave out the name of the school.";
const CHANGE = { by: "Sam", outcome: /** @type {const} */ ("change"), reason: "places", comment: COMMENT };
const KEEP = { by: "Sam", outcome: /** @type {const} */ ("keep"), reason: "risk" };

/** Its screens are looked at in both languages elsewhere. */
const IN_ENGLISH = { langs: /** @type {const} */ (["en"]) };

journey("too many wrong words, then new ones are asked for", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const tab = await open("family");
  await tab.goto();
  await tab.signIn(kerry.name);
  await tab.press("common.safety.understand");
  await tab.at("settings.unlock.title");
  await tab.arrived();
  const wrong = tab.page.locator(".govuk-error-summary").getByText(tab.words.t("settings.unlock.wrong"));
  // A minute, as this page counts; or until the hour is over, as the server counts with the opening
  // of her account.
  const alert = tab.page.getByRole("alert");
  const minute = alert.getByText(tab.words.pattern("settings.unlock.wait.one"));
  const wait = alert.getByText(tab.words.pattern("settings.unlock.wait.other")).or(minute);
  for (let tries = 1; tries <= 4; tries++) {
    await tab.type("settings.unlock.label", `not these words ${tries}`);
    await tab.press("settings.unlock.go");
    await wrong.waitFor({ timeout: 60_000 });
    if (tries === 1) await tab.screen("wrong words");
  }
  await tab.type("settings.unlock.label", "not these words 5");
  await tab.press("settings.unlock.go");
  await wait.first().waitFor({ timeout: 60_000 });
  await tab.screen("wait");
  // Even the right words wait, and are kept.
  await tab.type("settings.unlock.label", kerry.words);
  await tab.press("settings.unlock.go");
  await tab.page.locator(".govuk-error-summary").waitFor();
  await tab.screen("still waiting");
  assert.equal(await tab.field("settings.unlock.label").inputValue(), kerry.words);

  await tab.press("settings.unlock.forgot");
  await tab.at("settings.forgot.title");
  await tab.screen("new words");
  await tab.press("settings.forgot.ask");
  await tab.reads("settings.forgot.next");
  await tab.screen("new words were asked for");
});

journey("a letter that needs a change", async ({ agency, open, words }) => {
  const family = await agency.newFamily();
  const beth = named(family.people, "Beth");
  await agency.letter(family, beth, LETTER, [CHANGE]);
  const tab = await open("family");
  await tab.visit(beth);
  await tab.at("common.home");
  await tab.reads("letters.home.change");
  await tab.screen("home, it needs a change");
  await tab.press("letters.home.change.go");
  await tab.at("letters.sent.title");
  const card = tab.page.getByRole("region", { name: words.t("letters.decision") });
  await card.waitFor();
  const said = await card.innerText();
  assert.ok(said.includes(words.t("letters.decision.change")), said);
  const who = words.t("letters.who", { name: "Sam", role: words.t("letters.role.coordinator") });
  assert.ok(said.includes(who), said);
  assert.ok(said.includes(words.t("letters.reason.places")), said);
  await tab.screen("the decision");
  await tab.press("letters.decision.see");
  await tab.at("letters.changes.title");
  await tab.page.getByText("Please leave out the name of the school.").waitFor();
  assert.equal(await tab.page.locator("mark").first().innerText(), "Hillside Primary");
  await tab.reads("letters.changes.only");
  await tab.screen("what they asked");
  await tab.press("letters.changes.change");
  await holds(tab, LETTER);
  const changed = LETTER.replace("at Hillside Primary", "school");
  await tab.type("write.label", changed);
  await send(tab);
  await tab.screen("sent again");
  await tab.press("write.sent.see");
  await tab.at("letters.sent.title");
  await tab.page.getByText(words.t("letters.time.sent.again")).waitFor();
  await tab.screen("where it is now");
  await tab.press("letters.sent.read");
  await tab.at("letters.read.title");
  assert.equal(await tab.page.locator(".p-letter").innerText(), changed);
});

journey("a letter that is kept, another look, and who looked", async ({ agency, open, words }) => {
  const family = await agency.newFamily();
  const beth = named(family.people, "Beth");
  await agency.letter(family, beth, LETTER, [KEEP, { ...KEEP, by: "Dee" }]);
  const tab = await open("family");
  await tab.visit(beth, "/letters");
  await tab.at("letters.title");
  await tab.reads("letters.state.kept");
  await tab.screen("letters");
  await tab.page.locator(".p-list").getByRole("link").first().click();
  await tab.at("letters.sent.title");
  const card = tab.page.getByRole("region", { name: words.t("letters.decision") });
  assert.ok((await card.innerText()).includes(words.t("letters.decision.keep")));
  assert.ok((await card.innerText()).includes(words.t("letters.reason.risk")));
  await tab.screen("kept safe on file");
  await card.getByRole("link").click();
  await tab.at("letters.look.title");
  await tab.screen("another look");
  await tab.page.getByLabel(words.t("letters.look.label")).fill("It is the only letter this year.");
  await tab.press("letters.look.ask");
  await tab.at("letters.look.done");
  await tab.screen("a manager was asked");

  await tab.press("letters.goHome");
  await tab.at("common.home");
  await tab.press("letters.title");
  await tab.at("letters.title");
  await tab.press("letters.looked.title");
  await tab.at("letters.looked.title");
  const looks = tab.page.locator(".p-list > li");
  await looks.first().waitFor();
  const all = (await looks.allInnerTexts()).join("\n");
  for (const [name, role] of [["Sam", "coordinator"], ["Dee", "lead"]]) {
    const who = words.t("letters.who", { name: name ?? "", role: words.t(`letters.role.${role}`) });
    assert.ok(all.includes(who), `${who} is not in ${all}`);
  }
  await tab.screen("who looked");
});

journey("nobody looked, nothing here, no such page", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const tab = await open("family");
  await tab.visit(kerry, "/who-looked");
  await tab.at("letters.looked.title");
  await tab.reads("letters.looked.none");
  await tab.screen("nobody looked");
  await tab.press("common.back");
  await tab.at("letters.title");
  await tab.reads("letters.none");
  await tab.screen("no letters yet");

  // Forbidden and missing are the same page.
  const nobody = "0190a0c0-0000-7000-8000-000000000000";
  await tab.goto(`/letters/${nobody}`);
  await tab.unlock(kerry.words);
  // The second opening with words offers an easier way first.
  await tab.press("settings.offer.no");
  await tab.at("letters.read.title");
  await tab.reads("common.hidden");
  await tab.screen("no such letter");
  await tab.goto("/nowhere");
  await tab.page.locator("h1").waitFor();
  await tab.reads("common.hidden");
  await tab.screen("no such page");
  assert.equal(pathOf(tab), "/nowhere");
});

journey("a code as people type it", async ({ agency, open }) => {
  const family = await agency.newFamily({ newcomer: true });
  const tab = await open("family");
  await tab.goto("/join");
  await tab.press("common.safety.understand");
  await tab.at("join.code.title");
  const typed = (family.code ?? "").toLowerCase().replaceAll("0", "O").replaceAll("1", "i").replaceAll(/[\s-]/g, "");
  await tab.type("join.code.label", ` ${typed.slice(0, 5)} ${typed.slice(5)} `);
  await tab.press("join.continue");
  await tab.at("join.account.title");
  await tab.screen("two steps");
  // Whoever knows no code sees nothing of anybody, and keeps what they typed.
  await tab.press("common.back");
  await tab.at("join.code.title");
  await tab.type("join.code.label", "not a code");
  await tab.press("join.continue");
  await tab.page.locator(".govuk-error-summary").getByText(tab.words.t("join.code.wrong")).waitFor();
  assert.equal(await tab.field("join.code.label").inputValue(), "not a code");
  await tab.screen("wrong code");
}, IN_ENGLISH);
