// C8 and C9: a new family, from an empty form to the sheet in the envelope.

import assert from "node:assert/strict";
import { journey } from "./harness/harness.js";

journey("a new family", async ({ agency, open, words }) => {
  const tab = await open("staff");
  await tab.visit(agency.colleague("Priya"), "/desk/arrangements");
  await tab.at("people.arrangements");
  await tab.reads("people.arrangements.none");
  await tab.screen("no arrangements");
  await tab.press("people.arrangements.new");
  await tab.at("people.new");
  await tab.screen("a new arrangement");
  await tab.press("people.new.save");
  await tab.page.locator(".govuk-error-summary").waitFor();
  await tab.screen("nothing filled in");

  await tab.page.locator("#name-0").fill("Beth");
  await tab.page.locator("#signs-0").fill("Beth and Tom");
  await tab.page.locator("#name-1").fill("Kerry");
  await tab.type("people.plan.children", "Jamie\nLiam");
  for (const [side, month] of [["a", "5"], ["b", "11"]]) {
    await tab.page.locator(`input[name="months-${side}"][value="${month}"]`).check();
  }
  await tab.page.locator("#reviewers-2, [name=reviewers][value='2']").first().check();
  await tab.press("people.new.save");
  await tab.page.locator(".govuk-error-summary").waitFor();
  await tab.reads("people.reviewers.error");
  await tab.screen("two is not a worker's to choose");
  await tab.page.locator("[name=reviewers][value='1']").check();
  await tab.press("people.new.save");
  await tab.at("people.arrangement");
  await tab.page.getByText(words.t("people.invite", { name: "Kerry" })).waitFor();
  await tab.screen("an arrangement on paper");

  await tab.press("people.invite", { name: "Kerry" });
  await tab.at("people.invite.title");
  await tab.press("people.invite.make");
  await tab.page.locator(".govuk-error-summary").waitFor();
  await tab.screen("nothing chosen");
  await tab.page.locator("[name=channel][value=post]").check();
  await tab.page.locator("[name=safe][value=unsure]").check();
  await tab.type("people.invite.phone", "01632 960 777");
  await tab.press("people.invite.make");
  await tab.reads("people.invite.safe.no");
  await tab.screen("perhaps not safe to post");
  await tab.page.locator("[name=safe][value=yes]").check();
  await tab.press("people.invite.make");

  await tab.at("people.invites.one");
  await tab.reads("people.sheet.once");
  await tab.screen("the sheet");
  const codes = await tab.page.locator(".p-sheet .p-code").allTextContents();
  assert.equal(codes.length, 2, "English, and Welsh overleaf");
  assert.equal(codes[0], codes[1]);
  assert.match(codes[0] ?? "", /^[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}$/);

  // What the printer gets: the sheet and the card, and nothing of the site.
  await tab.page.emulateMedia({ media: "print" });
  const printed = await tab.page.locator("body").innerText();
  assert.ok(printed.includes(codes[0] ?? "?"));
  assert.ok(printed.includes(agency.family.origin.replace(/^https:\/\//, "")));
  const unnamed = printed.replaceAll("Riverside Adoption", "");
  assert.ok(!/adopt|mabwys/i.test(unnamed), "only the agency's own name says what it is about");
  assert.equal((await tab.page.locator(".p-wallet").innerText()).trim(), "", "the words card says nothing");
  assert.ok(!printed.includes("Kerry") && !printed.includes("Jamie"), "nor whose it is");
  assert.ok(!printed.includes(words.t("people.nav.admin")), "the navigation is not printed");
  await tab.page.screenshot({ path: tab.place.picture("the printed sheet"), fullPage: true });
  await tab.page.emulateMedia({ media: "screen" });

  await tab.press("people.nav.invites");
  await tab.at("people.invites");
  await tab.screen("invitations");
  await tab.press("people.nav.team");
  await tab.at("people.team");
  await tab.screen("the team");
});
