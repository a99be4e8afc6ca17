// C8, T1: an arrangement goes to another team. One team's manager offers it, the other's looks at it and
// takes it, once the letter that waits is decided; and from then on the other team checks.

import assert from "node:assert/strict";
import { journey, named } from "./harness/harness.js";
import { comesTo } from "./steps.js";

const TEAM = "Letterbox team";
const KEPT = ["Priya", "Sam"].map((by) => ({ by, outcome: /** @type {const} */ ("keep"), reason: "risk" }));

journey("another team takes over", async ({ agency, open }) => {
  const family = await agency.newFamily();
  const south = await agency.otherTeam();
  const [beth, una] = [named(family.people, "Beth"), named(south.people, "Una")];
  const kept = await agency.letter(family, beth, "Dear Kerry, this one was kept.", KEPT);
  const waiting = await agency.letter(family, beth, "Dear Kerry, this one waits.");
  const path = `/desk/arrangements/${family.arrangement}`;

  const here = await open("staff");
  await here.visit(agency.colleague("Priya"), path);
  await here.at("people.arrangement");
  assert.equal(await here.control("people.move").count(), 0);
  const lead = await open("staff");
  await lead.visit(agency.colleague("Dee"), path);
  await lead.at("people.arrangement");
  await lead.press("people.move");
  await lead.at("people.move");
  await lead.press("people.move.offer");
  await lead.reads("people.move.to.error");
  await lead.screen("no team chosen");
  await lead.page.getByLabel("South", { exact: true }).check();
  await lead.press("people.move.offer");
  await lead.at("people.arrangement");
  await lead.page.locator(".govuk-inset-text", { hasText: "South" }).waitFor();
  await lead.screen("offered");

  const there = await open("staff");
  await there.visit(una, "/desk");
  await there.at("desk.today");
  await there.reads("people.take.offers");
  await there.screen("something on offer");
  await there.ride("/team");
  await there.at("people.team");
  await there.page.locator('a[href^="/team/moves/"]').waitFor();
  await there.screen("an offer");
  await there.page.locator('a[href^="/team/moves/"]').click();
  await there.at("people.take");
  // Whom to ring: the cards are the other team's, what they say came along.
  await there.page.getByText("01632").first().waitFor();
  await there.screen("what is offered");
  await there.press("people.take.now");
  await there.page.getByText(there.words.t("people.take.heldUp", { team: TEAM })).waitFor();
  await there.screen("a letter waits");

  await here.ride(`/desk/check/${waiting.letter}`);
  await here.page.getByText("this one waits").waitFor();
  await here.page.locator("#deliver, [aria-describedby=second-hint]").first().waitFor();
  await here.page.locator("[data-seen=end]").scrollIntoViewIfNeeded();
  await here.press("desk.step.allClear");
  await here.page.locator("#deliver").click();
  await here.at("desk.said.deliver");
  await here.ride("/desk/queue");
  await here.at("desk.queue");
  const writer = await open("family");
  await writer.visit(beth, "/letters");
  await writer.at("letters.title");
  await comesTo(writer, waiting, "passed_on");

  await there.press("people.take.now");
  await there.at("people.arrangement");
  await there.page.getByText("Kerry").first().waitFor();
  await there.screen("taken over");
  await lead.ride("/desk/arrangements");
  await lead.reads("people.arrangements.none");
  // Another look at what was kept before is for the team that can open it.
  const list = writer.page.locator(".p-list > li");
  await list.filter({ hasText: writer.words.t("letters.state.kept") }).getByRole("link").first().click();
  await writer.at("letters.sent.title");
  await writer.page.getByRole("region", { name: writer.words.t("letters.decision") }).getByRole("link").click();
  await writer.at("letters.look.title");
  await writer.page.getByLabel(writer.words.t("letters.look.label")).fill("It is the only letter this year.");
  await writer.press("letters.look.ask");
  await writer.at("letters.look.done");
  await comesTo(writer, kept, "with_agency");
  await lead.ride(`/desk/check/${kept.letter}`);
  await lead.page.getByText("this one was kept").waitFor();
  await lead.page.getByText(lead.words.t("desk.hasMoved")).waitFor();
  await lead.screen("another look, without the plan");
});
