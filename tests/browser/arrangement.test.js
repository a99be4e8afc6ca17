// C8, C9: an arrangement from an empty form to two families who can write: a plan, a sheet, a call, eight
// digits, a certificate, and the version that brings both online. Then its first review.

import assert from "node:assert/strict";
import { journey } from "./harness/harness.js";

/** @typedef {import("./harness/tab.js").Tab} Tab */

/**
 * Somebody joins with a sheet, as far as the numbers for the call.
 * @param {Tab} tab
 * @param {string} name
 * @param {string} code
 */
async function join(tab, name, code) {
  await tab.goto(`/join#${code.replaceAll(" ", "")}`);
  await tab.press("common.safety.understand");
  await tab.at("join.code.title");
  await tab.press("join.continue");
  await tab.at("join.account.title");
  await tab.press("join.account.go");
  await tab.page.getByRole("link", { name, exact: true }).click();
  await tab.at("join.words.title");
  const words = await tab.shownWords();
  await tab.press("join.words.done");
  await tab.type("join.try.label", words.join(" "));
  await tab.press("join.try.check");
  await tab.at("join.messages.title");
  await tab.choose("join.messages.email");
  await tab.type("join.messages.mail", "somebody@example.org");
  await tab.press("join.messages.save");
  await tab.at("join.waiting.title");
  return tab.page.locator(".p-digits [aria-hidden]").innerText();
}

/**
 * From C8 to a sheet in the hand; its code, and back at C8.
 * @param {Tab} desk
 * @param {string} name
 * @param {boolean} isFirst looks at every state on the way
 */
async function invite(desk, name, isFirst) {
  await desk.press("people.invite", { name });
  await desk.at("people.invite.title");
  if (isFirst) {
    await desk.press("people.invite.make");
    await desk.reads("people.invite.channel.error");
    await desk.screen("how it gets there");
    await desk.choose("people.invite.post");
    await desk.choose("people.unsure");
    await desk.type("people.invite.phone", "01632 960 456");
    await desk.press("people.invite.make");
    await desk.reads("people.invite.safe.no");
    await desk.screen("not safe to post");
  }
  await desk.choose("people.invite.hand");
  await desk.type("people.invite.phone", "01632 960 456");
  await desk.press("people.invite.make");
  await desk.at("people.invites.one");
  await desk.reads("people.sheet.once");
  const code = (await desk.page.locator(".p-code").first().textContent()) ?? "";
  assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}( [0-9A-HJKMNP-TV-Z]{4}){2}$/);
  if (isFirst) await desk.screen("the sheet");
  return code;
}

journey("an arrangement", async ({ agency, open, lang }) => {
  const priya = agency.colleague("Priya");
  const desk = await open("staff");
  await desk.visit(priya, "/desk/arrangements");
  await desk.at("people.arrangements");
  await desk.reads("people.arrangements.none");
  await desk.screen("no arrangements");
  await desk.press("people.arrangements.new");
  await desk.at("people.new");
  await desk.press("people.new.save");
  await desk.reads("people.plan.children.error");
  await desk.screen("nothing filled in");

  const names = desk.field("people.person.name");
  await names.nth(0).fill("Tom");
  await names.nth(1).fill("Maureen");
  await desk.page.getByLabel(desk.words.t("people.person.role"), { exact: true }).nth(1).selectOption("grandparent");
  await desk.press("people.person.add");
  await names.nth(2).fill("Jamie");
  await desk.page.getByLabel(desk.words.t("people.person.role"), { exact: true }).nth(2).selectOption("sibling");
  await desk.type("people.plan.children", "Liam");
  // A brother who is not among the children is seen before it is saved.
  await desk.page.getByText(desk.words.t("people.siblings.unnamed", { names: "Jamie" })).waitFor();
  await desk.screen("a brother left out");
  await desk.press("people.person.remove", { n: 3 });
  const months = desk.words.t("common.months").split(" ");
  await desk.page.locator("#months-a-5, #months-a[value='5']").check();
  await desk.page.locator("#months-b-11, #months-b[value='11']").check();
  assert.equal(months.length, 12);
  await desk.type("people.plan.rules", "We use first names.\nWe do not write where we live.");
  await desk.type("people.notes.protected", "Hillside Primary");
  await desk.choose("people.reviewers.2");
  await desk.press("people.new.save");
  await desk.reads("people.reviewers.error");
  await desk.choose("people.reviewers.1");
  await desk.press("people.new.save");

  await desk.at("people.arrangement");
  const path = new URL(desk.page.url()).pathname;
  await desk.reads("people.stage.paper");
  await desk.screen("everybody on paper");

  const codes = [];
  for (const name of ["Tom", "Maureen"]) {
    codes.push(await invite(desk, name, name === "Tom"));
    await desk.press("people.arrangement.go");
    await desk.at("people.arrangement");
  }
  await desk.press("people.nav.invites");
  await desk.at("people.invites");
  await desk.page.getByRole("link", { name: /^Tom/ }).waitFor();
  await desk.screen("invitations");

  // The code was this browser's alone: loaded again, it is gone.
  await desk.goto(path);
  await desk.unlock(priya.words);
  await desk.at("people.arrangement");
  await desk.page.getByRole("link", { name: desk.words.t("people.invites.one"), exact: true }).first().click();
  await desk.reads("people.sheet.gone");
  await desk.screen("the code is gone");
  await desk.press("people.arrangement.go");
  await desk.at("people.arrangement");

  const [tom, maureen] = [await open("family"), await open("family")];
  const digits = await join(tom, "Tom", codes[0] ?? "");
  // Their place here changes by itself while the page is open.
  await desk.field("people.certify.digits").waitFor();
  await desk.screen("joined");
  await desk.type("people.certify.digits", "1234");
  await desk.press("people.certify");
  await desk.reads("people.certify.error");
  await desk.type("people.certify.digits", digits.replace(/\d$/, (last) => String((Number(last) + 1) % 10)));
  await desk.press("people.certify");
  await desk.reads("people.certify.wrong");
  await desk.screen("wrong numbers");
  await desk.type("people.certify.digits", digits);
  await desk.press("people.certify");
  await desk.control("people.online").waitFor();
  await desk.screen("certified");

  // A reload in the middle: what is still to do is there again.
  await desk.goto(path);
  await desk.unlock(priya.words);
  await desk.at("people.arrangement");
  await desk.press("people.online");
  await desk.reads("people.stage.online");
  await tom.page.waitForURL("**/plan", { timeout: 60_000 });
  const hers = await join(maureen, "Maureen", codes[1] ?? "");
  await desk.type("people.certify.digits", hers);
  await desk.press("people.certify");
  await desk.press("people.online");
  await desk.page.getByText(desk.words.t("people.stage.online"), { exact: true }).nth(1).waitFor();
  await maureen.page.waitForURL("**/plan", { timeout: 60_000 });
  await desk.screen("both online");

  await desk.press("people.review.record");
  await desk.at("people.review");
  await desk.type("people.plan.next", "2020-01-01");
  await desk.press("people.review.record");
  await desk.reads("people.review.next.error");
  await desk.screen("a review in the past");
  await desk.type("people.plan.next", "2099-05-01");
  await desk.type("people.review.outcome", lang === "cy" ? "Yn mynd yn dda." : "Going well.");
  await desk.press("people.review.record");
  await desk.at("people.arrangement");
  await desk.page.getByText(/Going well\.|Yn mynd yn dda\./).waitFor();
  await desk.screen("reviewed");

  await desk.press("people.change");
  await desk.at("people.change");
  await desk.screen("changing the plan");
  await desk.type("people.plan.rules", "We use first names.");
  await desk.field("people.rights.read").nth(1).uncheck();
  await desk.press("people.save");
  await desk.at("people.arrangement");
  await desk.reads("people.rights.less");
  await desk.screen("changed");
});
