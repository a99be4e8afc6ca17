// C8, T1: an arrangement goes to another team. One team's manager offers it, the other's looks at it and
// takes it, once the letter that waits is decided; and from then on the other team checks.

import assert from "node:assert/strict";
import { journey, named } from "./harness/harness.js";

const TEAM = "Letterbox team";

journey("another team takes over", async ({ agency, open }) => {
  const family = await agency.newFamily();
  const south = await agency.otherTeam();
  const [beth, una, viv] = [
    named(family.people, "Beth"),
    named(south.people, "Una"),
    named(south.people, "Viv"),
  ];
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
  await there.visit(una, "/team");
  await there.at("people.team");
  await there.page.locator('a[href^="/team/moves/"]').waitFor();
  await there.screen("an offer");
  await there.page.locator('a[href^="/team/moves/"]').click();
  await there.at("people.take");
  // Whom to ring: the cards are the other team's, what they say came along.
  await there.page.getByText("01632").first().waitFor();
  await there.screen("what is offered");
  await there.press("people.take.now");
  await there.reads("people.take.heldUp", { team: TEAM });
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

  await there.press("people.take.now");
  await there.at("people.arrangement");
  await there.page.getByText("Kerry").first().waitFor();
  await there.screen("taken over");
  await lead.ride("/desk/arrangements");
  await lead.reads("people.arrangements.none");
});
