// The agency's root comes out of its safe again: to name the log's next key, and to bring back an
// administrator who lost everything.

import assert from "node:assert/strict";
import { journey, named, PASSED_ON } from "./harness/harness.js";

/** @typedef {import("./harness/tab.js").Tab} Tab */
/** @typedef {import("./harness/world.js").Agency} Agency */

/**
 * What the ceremony left on paper.
 * @param {Agency} agency
 */
function papers({ described: { printed } }) {
  assert.ok(printed);
  const buffer = Buffer.from(printed.root_file, "hex");
  const file = { name: "postern-root.age", mimeType: "application/octet-stream", buffer };
  return { file, custodians: printed.custodians };
}

/**
 * Both custodians at this screen.
 * @param {Tab} tab
 * @param {Agency} agency
 */
async function openRoot(tab, agency) {
  const { file, custodians: [first, second] } = papers(agency);
  await tab.field("people.root.file").setInputFiles(file);
  await tab.type("people.root.first", first);
  await tab.type("people.root.second", second);
  await tab.press("people.root.open");
}

/**
 * On A1, where the operator has made a key.
 * @param {Tab} tab
 */
const toTheKey = (tab) => tab.page.locator("main a[href='/admin/log-key']");

journey("a new key for the log", async ({ agency, open }) => {
  const family = await agency.newFamily();
  const beth = named(family.people, "Beth");
  const readOut = await agency.newLogKey();
  await agency.role("restart", "mediation");

  const alex = await open("staff", { screen: "phone" });
  await alex.visit(agency.colleague("Alex"), "/admin");
  await alex.at("people.health");
  await alex.screen("the operator has made a key");
  await toTheKey(alex).click();
  await alex.at("people.logKey");
  const shown = await alex.page.locator(".p-digits").textContent();
  assert.equal(shown, readOut.replace(/(.{4})(?=.)/g, "$1 "), "block by block as it is read out");
  await alex.screen("the new key");
  await alex.press("people.continue");
  await alex.screen("not compared");
  await alex.choose("people.logKey.same");
  await alex.press("people.continue");
  await alex.field("people.root.file").waitFor();
  await alex.screen("both custodians");
  await openRoot(alex, agency);
  await alex.control("people.logKey.sign").waitFor();
  await alex.screen("the root is open");
  await alex.press("people.logKey.sign");
  await alex.page.locator(".govuk-panel").waitFor();
  await alex.screen("signed");
  await alex.press("people.logKey.done");
  await alex.at("people.health");
  await alex.screen("it waits for the operator");

  // The worker goes on under the key it has, until it is started with the new one.
  await agency.letter(family, beth, "Dear Kerry, under the first key. Beth", PASSED_ON);
  await agency.role("restart", "moderation");
  await agency.letter(family, beth, "Dear Kerry, under the second key. Beth", PASSED_ON);
  await alex.goto("/admin");
  await alex.unlock(agency.colleague("Alex").words);
  await alex.at("people.health");
  await alex.arrived();
  assert.equal(await toTheKey(alex).count(), 0, "the health page asks for nothing more");
  await alex.goto("/admin/log-key");
  await alex.unlock(agency.colleague("Alex").words);
  await alex.reads("people.logKey.named");
  await alex.screen("nothing to sign");
});

journey("the operator's key changes while it is looked at", async ({ agency, open }) => {
  await agency.newLogKey();
  await agency.role("restart", "mediation");
  const alex = await open("staff", { screen: "phone" });
  await alex.visit(agency.colleague("Alex"), "/admin/log-key");
  await alex.at("people.logKey");
  const shown = await alex.page.locator(".p-digits").textContent();
  await alex.choose("people.logKey.same");
  await alex.press("people.continue");
  await openRoot(alex, agency);
  await alex.control("people.logKey.sign").waitFor();
  const other = await agency.newLogKey();
  await agency.role("restart", "mediation");
  await alex.press("people.logKey.sign");
  await alex.reads("people.logKey.other");
  await alex.screen("another key by now");
  await alex.press("people.logKey.look");
  await alex.control("people.continue").waitFor();
  const now = await alex.page.locator(".p-digits").textContent();
  assert.notEqual(now, shown);
  assert.equal(now?.replaceAll(" ", ""), other);
});

journey("an administrator who lost everything", async ({ agency, open }) => {
  const { file, custodians: [first, second] } = papers(agency);
  const alex = await open("staff", { screen: "phone" });
  await alex.goto();
  await alex.signIn("Alex");
  await alex.at("people.unlock");
  await alex.goto("/admin/setup");
  await alex.at("people.unlock");
  await alex.arrived();
  await alex.press("people.lost");
  await alex.screen("neither passkey nor words");
  await alex.press("people.return");
  await alex.at("people.return");
  await alex.screen("what it takes");
  await alex.press("people.continue");
  await alex.type("people.setup.token", "not the token");
  await alex.press("people.continue");
  await alex.reads("people.setup.token.wrong");
  await alex.screen("a wrong token");
  await alex.type("people.setup.token", agency.described.bootstrap_token);
  await alex.press("people.continue");
  await alex.at("people.return.root");
  await alex.field("people.root.file").setInputFiles(file);
  await alex.type("people.root.first", second);
  await alex.type("people.root.second", first);
  await alex.press("people.root.open");
  await alex.reads("people.root.wrong");
  await alex.screen("custodians the wrong way round");
  await openRoot(alex, agency);

  await alex.at("people.return.who");
  await alex.screen("who were you");
  await alex.press("people.continue");
  await alex.screen("nobody chosen");
  await alex.page.getByLabel("Alex", { exact: true }).check();
  await alex.press("people.continue");
  await alex.at("people.return.words");
  const words = await alex.shownWords();
  await alex.screen("new words");
  await alex.press("people.words.written");
  await alex.type("people.words.label", words.join(" "));
  await alex.press("people.words.check");
  await alex.at("people.return.waiting");
  await alex.screen("the root has certified");
  await alex.page.waitForURL("**/admin/staff");
  await alex.at("people.staff");
  await alex.screen("back on the staff page");

  // The administrator from before stands until the root ends that.
  const old = alex.words.t("people.staff.old", { name: "Alex" });
  const before = alex.page.getByRole("row").filter({ hasText: old });
  await before.getByRole("button").click();
  await openRoot(alex, agency);
  await alex.page.locator("section.p-card .govuk-button--warning").click();
  const removed = alex.words.t("people.staff.removed", { name: old });
  await alex.page.locator("section.p-card").getByText(removed).waitFor();
  await alex.screen("the one from before is removed");

  // From now on the sign-in leads to the new keys.
  const again = await open("staff", { screen: "phone" });
  await again.visit({ name: "Alex", role: "administrator", words: words.join(" ") }, "/admin");
  await again.at("people.health");
});
