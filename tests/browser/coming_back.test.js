// F12, C10 and what follows: somebody without their words, two colleagues, three days, and every letter
// given back by two. Old keys that object. A colleague who leaves.

import assert from "node:assert/strict";
import { journey, lie, named, PASSED_ON } from "./harness/harness.js";

/** @typedef {import("./harness/tab.js").Tab} Tab */

const CAME = "Dear Kerry,\n\nThe first frost came, and he found it beautiful.\n\nBeth and Tom";
const OWN = "Dear Beth and Tom,\n\nIt came here too.\n\nKerry";

/**
 * The words are lost: she asks for new ones.
 * @param {Tab} tab
 * @param {string} name
 */
async function ask(tab, name) {
  await tab.goto();
  await tab.signIn(name);
  await tab.press("common.safety.understand");
  await tab.at("settings.unlock.title");
  await tab.press("settings.unlock.forgot");
  await tab.press("settings.forgot.ask");
  await tab.reads("settings.forgot.next");
}

/**
 * From "Coming back" to a sheet in the hand; its code.
 * @param {Tab} desk
 */
async function sheet(desk) {
  await desk.at("desk.today");
  await desk.page.getByText(desk.words.t("people.back.asked.n", { n: 1 })).waitFor();
  await desk.screen("today, somebody asks");
  await desk.page.locator('a[href="/desk/people"]').click();
  await desk.at("people.back");
  await desk.page.getByRole("link", { name: "Kerry" }).waitFor();
  await desk.screen("who asked");
  await desk.page.getByRole("link", { name: "Kerry" }).click();
  await desk.at("people.again");
  await desk.control("people.again.ask").waitFor();
  await desk.press("people.again.ask");
  await desk.reads("people.again.check.error");
  await desk.screen("how she was checked");
  await desk.choose("people.again.check.rang");
  await desk.page.getByLabel(desk.words.t("people.again.approver")).selectOption({ label: "Sam" });
  await desk.choose("people.invite.hand");
  await desk.type("people.invite.phone", "01632 960 777");
  await desk.press("people.again.ask");
  await desk.at("people.invites.one");
  await desk.reads("people.sheet.once");
  await desk.screen("the new sheet");
  return (await desk.page.locator(".p-code").first().textContent()) ?? "";
}

/**
 * Somebody makes another sheet beside the one in her hand, and says otherwise how she was checked.
 * @param {Tab} desk
 */
async function anotherSheet(desk) {
  const inHand = new URL(desk.page.url()).pathname;
  await desk.ride("/desk/people");
  await desk.at("people.back");
  await desk.page.getByRole("link", { name: "Kerry" }).click();
  await desk.at("people.again");
  await desk.page.getByText(desk.words.t("people.again.anew")).click();
  await desk.choose("people.again.check.met");
  await desk.choose("people.invite.hand");
  await desk.press("people.again.ask");
  await desk.at("people.invites.one");
  await desk.ride(inHand);
  await desk.at("people.invites.one");
}

/**
 * She comes with the new code: new words, as far as the numbers for the call.
 * @param {Tab} tab
 * @param {string} code
 */
async function comeAgain(tab, code) {
  await tab.press("settings.forgot.come");
  await tab.at("join.code.title");
  await tab.type("join.code.label", code);
  await tab.press("join.continue");
  await tab.at("join.words.title");
  const words = await tab.shownWords();
  await tab.screen("new words");
  await tab.press("join.words.done");
  await tab.type("join.try.label", words.join(" "));
  await tab.press("join.try.check");
  await tab.at("join.messages.title");
  await tab.choose("join.messages.email");
  await tab.type("join.messages.mail", "kerry-again@example.org");
  await tab.press("join.messages.save");
  await tab.at("join.waiting.title");
  return tab.page.locator(".p-digits [aria-hidden]").innerText();
}

/**
 * Both certify what she reads out, and three days go by.
 * @param {import("./harness/harness.js").Agency} agency
 * @param {Tab} tab
 * @param {Tab} priya
 * @param {Tab} sam
 * @param {string} digits
 */
async function certify(agency, tab, priya, sam, digits) {
  await priya.press("people.certify.go");
  await priya.at("people.again");
  await priya.field("people.certify.digits").waitFor();
  await priya.screen("the first rings her");
  await priya.type("people.certify.digits", digits);
  await priya.press("people.certify");
  await priya.reads("people.again.wait");
  await priya.screen("a second person is waited for");

  await sam.visit(agency.colleague("Sam"), "/desk/people");
  await sam.at("people.back");
  await sam.reads("people.back.first");
  await sam.page.getByRole("link", { name: "Kerry" }).click();
  await sam.at("people.again");
  await sam.field("people.certify.digits").waitFor();
  // The number on the new sheet's card is not the one to ring.
  const main = await sam.page.locator("main").innerText();
  assert.ok(main.includes(sam.words.t("people.again.number")), main);
  assert.ok(!main.includes(sam.words.t("people.certify.ring.on", { name: "Kerry", phone: "01632 960 777" })), main);
  // Nor is how she was checked what a sheet says that nobody has used.
  assert.ok(main.includes(sam.words.t("people.again.check.rang")), main);
  assert.ok(!main.includes(sam.words.t("people.again.check.met")), main);
  await sam.screen("the second rings her");
  await sam.type("people.certify.digits", digits.replace(/\d$/, (last) => String((Number(last) + 1) % 10)));
  await sam.press("people.certify");
  await sam.reads("people.certify.wrong");
  await sam.type("people.certify.digits", digits);
  await sam.press("people.certify");
  await sam.reads("people.again.counting");
  await sam.screen("three days");
  // There is nothing left to read out: she is told when, and what happens next.
  await tab.reads("join.waiting.from");
  assert.equal(await tab.page.locator(".p-digits").count(), 0);
  await tab.screen("waiting for the day");
  await agency.threeDaysLater();
}

/**
 * Priya says which letters; Sam's browser gives them back, and nothing for a server that lies.
 * @param {Tab} priya
 * @param {Tab} sam
 */
async function giveBack(priya, sam) {
  await priya.press("people.give.n", { n: 2 });
  await priya.at("people.give");
  await priya.control("people.give.ask", { n: 2 }).waitFor();
  await priya.screen("which letters");
  await priya.press("people.give.ask", { n: 2 });
  await priya.reads("people.give.mine", { n: 2 });
  await priya.screen("a colleague must agree");

  let given = 0;
  sam.page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/api/reseals")) given += 1;
  });
  await sam.ride("/desk");
  await sam.at("desk.today");
  await sam.page.getByText(sam.words.t("people.give.n", { n: 2 })).waitFor();
  await sam.ride("/desk/people");
  await sam.at("people.back");
  // Beside the letters stands the other sheet, which nobody has used.
  const toLetters = () => sam.page.locator('a[href$="/letters"]', { hasText: "Kerry" }).click();
  const lied = await lie(sam.page.context(), {
    path: /\/lost-letters$/,
    change: (/** @type {{ certificate: string, statement: string }[]} */ letters) =>
      letters.forEach((each) => (each.certificate = each.statement)),
  });
  await toLetters();
  await sam.at("people.give");
  await sam.arrived();
  await sam.press("people.give.agree", { n: 2 });
  await sam.reads("people.trouble.untrusted");
  await sam.screen("a server that names other keys");
  assert.ok(lied.told() > 0);
  assert.equal(given, 0, "no grant leaves for keys that the record does not name");
  await lied.stop();
  await sam.ride("/desk/people");
  await sam.at("people.back");
  await toLetters();
  await sam.at("people.give");
  await sam.control("people.give.agree", { n: 2 }).waitFor();
  await sam.screen("the second agrees");
  await sam.press("people.give.agree", { n: 2 });
  await sam.reads("people.give.none");
  await sam.screen("given back");
  assert.equal(given, 2);
}

journey("new words for somebody who lost theirs", async ({ agency, open }) => {
  const family = await agency.newFamily();
  const [beth, kerry] = [named(family.people, "Beth"), named(family.people, "Kerry")];
  await agency.letter(family, beth, CAME, PASSED_ON);
  await agency.letter(family, kerry, OWN, PASSED_ON);
  const [tab, priya, sam] = [await open("family"), await open("staff"), await open("staff")];

  await ask(tab, kerry.name);
  await priya.visit(agency.colleague("Priya"));
  const code = await sheet(priya);
  await anotherSheet(priya);
  await certify(agency, tab, priya, sam, await comeAgain(tab, code));
  const told = (await agency.mails()).some(({ to }) => to === "kerry@example.org");
  assert.ok(told, "the old contact point was told");
  await priya.control("people.online").waitFor({ timeout: 60_000 });
  await priya.screen("certified by both");
  await priya.press("people.online");
  await priya.control("people.give.n", { n: 2 }).waitFor({ timeout: 60_000 });
  await priya.screen("online again");
  await tab.page.waitForURL("**/plan", { timeout: 60_000 });

  await giveBack(priya, sam);
  await tab.press("join.plan.right");
  await tab.press("join.done.home");
  await tab.at("common.home");
  await tab.press("letters.title");
  await tab.at("letters.title");
  await tab.page.locator(".p-list > li").nth(1).waitFor();
  await tab.screen("both letters are there");
  await tab.page.locator('.p-list a[href^="/letters/"]').first().click();
  await tab.press("letters.before.now");
  await tab.at("letters.read.title");
  await tab.page.locator(".p-letter").waitFor();
  assert.equal(await tab.page.locator(".p-letter").innerText(), CAME);
  await tab.screen("an old letter");
}, { inTime: true });

journey("letters from before a move", async ({ agency, open }) => {
  const family = await agency.newFamily();
  const south = await agency.otherTeam();
  const [beth, kerry] = [named(family.people, "Beth"), named(family.people, "Kerry")];
  await agency.letter(family, beth, CAME, PASSED_ON);
  const desk = await open("staff", { screen: "phone" });
  const [tab, priya, sam] = [await open("family"), desk, await open("staff")];
  await ask(tab, kerry.name);
  await priya.visit(agency.colleague("Priya"));
  const code = await sheet(priya);
  await certify(agency, tab, priya, sam, await comeAgain(tab, code));
  await priya.control("people.online").waitFor({ timeout: 60_000 });
  await priya.press("people.online");
  await priya.control("people.give.n", { n: 1 }).waitFor({ timeout: 60_000 });

  const [lead, una, viv] = [await open("staff"), await open("staff"), await open("staff")];
  const path = `/desk/arrangements/${family.arrangement}`;
  await lead.visit(agency.colleague("Dee"), path);
  await lead.press("people.move");
  await lead.page.getByLabel("South", { exact: true }).check();
  await lead.press("people.move.offer");
  await lead.page.locator(".govuk-inset-text", { hasText: "South" }).waitFor();
  await una.visit(named(south.people, "Una"), "/team");
  await una.page.locator('a[href^="/team/moves/"]').click();
  await una.press("people.take.now");
  await una.at("people.arrangement");

  // Whoever has the arrangement now asks; the key of what came before is the other team's.
  await viv.visit(named(south.people, "Viv"), path);
  await viv.at("people.arrangement");
  await viv.page.locator('a[href$="/new-key"]', { hasText: "Kerry" }).click();
  await viv.at("people.again");
  await viv.press("people.give.n", { n: 1 });
  await viv.at("people.give");
  await viv.reads("people.give.elsewhere", { n: 1 });
  await viv.screen("another team's letters");
  await viv.press("people.give.ask", { n: 1 });
  await viv.reads("people.give.mine", { n: 1 });
  await priya.ride("/desk/people");
  await priya.at("people.back");
  await priya.page.locator('a[href$="/letters"]').click();
  await priya.at("people.give");
  await priya.control("people.give.agree", { n: 1 }).waitFor();
  await priya.screen("asked by the team that has it now");
  await priya.press("people.give.agree", { n: 1 });
  await priya.reads("people.give.none");

  await tab.page.waitForURL("**/plan", { timeout: 60_000 });
  await tab.press("join.plan.right");
  await tab.press("join.done.home");
  await tab.at("common.home");
  await tab.press("letters.title");
  await tab.page.locator('.p-list a[href^="/letters/"]').first().click();
  await tab.press("letters.before.now");
  await tab.at("letters.read.title");
  assert.equal(await tab.page.locator(".p-letter").innerText(), CAME);
}, { inTime: true });

journey("the old words stop new keys", async ({ agency, open }) => {
  const family = await agency.newFamily();
  const kerry = named(family.people, "Kerry");
  const { membership } = await agency.newKeys(family);
  // The card was in the drawer: opening the letterbox is enough.
  const tab = await open("family");
  await tab.visit(kerry);
  await tab.at("common.home");

  const dee = await open("staff");
  await dee.visit(agency.colleague("Dee"), "/desk/people");
  await dee.at("people.back");
  await dee.reads("people.back.objected");
  await dee.screen("stopped by the old keys");
  await dee.page.locator(`a[href="/desk/people/${membership}/new-key"]`).click();
  await dee.at("people.again");
  await dee.page.getByText(dee.words.t("people.again.objected")).waitFor();
  await dee.screen("what to do now");
  // It was not her: somebody else has her words.
  await dee.press("people.stop", { name: "Kerry" });
  await dee.screen("stopping her keys");
  await dee.press("people.stop.do");
  await dee.page.getByText(dee.words.t("people.stopped", { name: "Kerry" })).waitFor();
  // They stop nothing themselves any more.
  await dee.reads("people.again.days.stopped");
  await dee.screen("her keys are stopped");
});

/**
 * Somebody of staff who knows their sign-in and nothing else makes new words with a colleague's code.
 * @param {Tab} tab
 * @param {string} name
 * @param {() => Promise<string>} invite
 */
async function staffWords(tab, name, invite) {
  await tab.goto();
  await tab.signIn(name);
  await tab.at("people.unlock");
  await tab.arrived();
  await tab.press("people.lost");
  await tab.press("people.lost.on");
  await tab.reads("people.lost.none");
  await tab.screen("neither passkey nor words");
  await tab.ride("/join");
  await tab.at("people.join");
  await tab.type("people.join.code", await invite());
  await tab.press("people.continue");
  await tab.at("people.join.words");
  await tab.arrived();
  await tab.press("people.lost");
  await tab.screen("new words with a code");
  await tab.press("people.lost.make");
  const words = (await tab.shownWords()).join(" ");
  await tab.press("people.words.written");
  await tab.type("people.words.label", words);
  await tab.press("people.words.check");
  await tab.at("people.waiting");
  return { words, digits: (await tab.page.locator(".p-digits").textContent()) ?? "" };
}

journey("a colleague lost their words", async ({ agency, open }) => {
  const family = await agency.newFamily();
  const { letter } = await agency.letter(family, named(family.people, "Beth"), CAME);
  const [sam, dee, joan] = [await open("staff"), await open("staff"), await open("staff")];
  await dee.visit(agency.colleague("Dee"), "/admin/staff");
  const { words, digits } = await staffWords(sam, "Sam", async () => {
    await dee.at("people.staff");
    await dee.choose("people.role.coordinator");
    await dee.press("people.staff.invite.do");
    await dee.at("people.invites.one");
    await dee.reads("people.sheet.once");
    return (await dee.page.locator(".p-code").first().textContent()) ?? "";
  });

  await dee.press("people.staff.certify.go");
  await dee.at("people.staff");
  await dee.arrived();
  await dee.page
    .getByLabel(dee.words.t("people.staff.who"))
    .selectOption({ label: dee.words.t("people.staff.who.again", { name: "Sam" }) });
  await dee.reads("people.staff.who.then", { name: "Sam" });
  await dee.screen("who is this?");
  await dee.type("people.certify.digits", digits);
  await dee.press("people.certify");
  await dee.reads("people.staff.second.wait");
  await joan.visit(agency.colleague("Joan"), "/admin/staff");
  await joan.at("people.staff");
  await joan.reads("people.staff.second", { name: "Dee" });
  await joan.type("people.certify.digits", digits);
  await joan.press("people.certify");
  await sam.page.waitForURL("**/desk");

  // The lost keys are taken out, and the new ones get the team's next.
  await dee.page.getByText(dee.words.t("people.staff.waiting")).waitFor({ state: "detached" });
  await dee.screen("twice in the list");
  const old = dee.words.t("people.staff.old", { name: "Sam" });
  await dee.press("people.staff.remove", { name: old });
  assert.ok(await dee.page.getByLabel(dee.words.t("people.staff.why.lost")).isChecked());
  const card = dee.page.locator(".p-card");
  await card.getByRole("button", { name: dee.words.t("people.staff.remove", { name: old }) }).click();
  await dee.page.getByText(dee.words.t("people.staff.removed", { name: old })).waitFor({ timeout: 60_000 });
  await dee.screen("the old keys are removed");
  await card.getByRole("link").click();
  await dee.at("people.key");
  await dee.press("people.key.change");
  await dee.page.getByText(dee.words.t("people.key.due")).waitFor({ state: "detached", timeout: 60_000 });

  // What came before the new words is there to be checked, on any device.
  await sam.goto(`/desk/check/${letter}`);
  await sam.unlock(words);
  await sam.at("desk.letter");
  await sam.page.getByText("The first frost came").waitFor();
  await sam.screen("a letter from before");
});

journey("a colleague leaves", async ({ agency, open }) => {
  const dee = await open("staff");
  await dee.visit(agency.colleague("Dee"), "/admin/staff");
  await dee.at("people.staff");
  await dee.control("people.staff.remove", { name: "Sam" }).waitFor();
  await dee.arrived();
  await dee.press("people.staff.remove", { name: "Sam" });
  await dee.page.getByText(dee.words.t("people.staff.remove.text", { name: "Sam" })).waitFor();
  await dee.screen("removing Sam");
  await dee.page.locator(".p-card").getByRole("button", { name: dee.words.t("people.staff.remove", { name: "Sam" }) }).click();
  await dee.page.getByText(dee.words.t("people.staff.removed", { name: "Sam" })).waitFor({ timeout: 60_000 });
  await dee.screen("Sam is removed");
  await dee.page.locator(".p-card").getByRole("link").click();
  await dee.at("people.key");
  await dee.page.getByText(dee.words.t("people.key.due")).waitFor();
  await dee.screen("the team key is due");
  await dee.press("people.key.change");
  await dee.page.getByText(dee.words.t("people.key.due")).waitFor({ state: "detached", timeout: 60_000 });
  await dee.screen("a new team key");
});
