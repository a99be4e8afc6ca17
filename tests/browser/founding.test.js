// A3, A1, A2, T7: an agency from the operator's token to a team that can get letters. The root is made
// in the browser, saved as a file, checked, and opened again to certify the first team manager.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { addAuthenticator, journey } from "./harness/harness.js";

/** @typedef {import("./harness/tab.js").Tab} Tab */

/**
 * Somebody's own six words: written down, and typed once from the card.
 * @param {Tab} tab
 * @param {(name: string) => Promise<void>} [picture]
 */
async function getWords(tab, picture = async () => {}) {
  const words = await tab.shownWords();
  assert.equal(words.length, 6);
  await picture("my words");
  await tab.press("people.words.written");
  await tab.type("people.words.label", [...words.slice(0, 5), "wrong"].join(" "));
  await tab.press("people.words.check");
  await tab.reads("people.words.wrong", { n: 6 });
  await picture("a wrong word");
  await tab.type("people.words.label", words.join(" ").toUpperCase());
  await tab.press("people.words.check");
  return words.join(" ");
}

/**
 * A custodian takes six words away, and reads two of them back.
 * @param {Tab} tab
 * @param {"first" | "second"} which
 */
async function custodian(tab, which) {
  await tab.at(`people.setup.${which}`);
  const words = await tab.shownWords();
  await tab.screen(`the ${which} custodian's words`);
  await tab.press("people.setup.custodian.done");
  await tab.reads("people.setup.back.text");
  assert.equal(await tab.page.locator(".p-words").count(), 0, "the words are hidden");
  const fields = tab.page.locator("input[id^=word-]");
  for (const field of await fields.all()) await field.fill("wrong");
  await tab.press("people.continue");
  await tab.screen(`the ${which} custodian misread`);
  for (const field of await fields.all()) {
    const at = Number((await field.getAttribute("id"))?.slice("word-".length));
    await field.fill(words[at] ?? "");
  }
  await tab.press("people.continue");
  return words.join(" ");
}

/**
 * A colleague joins with the code from a sheet; their screen shows eight digits.
 * @param {Tab} tab
 * @param {string} name
 * @param {string} code
 */
async function joinStaff(tab, name, code) {
  await tab.goto(`/join#${code.replaceAll(" ", "")}`);
  await tab.reads("people.join.signIn.text");
  assert.equal(new URL(tab.page.url()).hash, "", "the code is out of the address");
  await tab.signIn(name);
  await tab.at("people.join.words");
  const words = await getWords(tab);
  await tab.at("people.waiting");
  const digits = (await tab.page.locator(".p-digits").textContent()) ?? "";
  assert.match(digits, /^\d{4} \d{4}$/);
  return { words, digits };
}

/**
 * A1, then A2.
 * @param {Tab} tab
 */
async function toStaff(tab) {
  await tab.press("people.nav.admin");
  await tab.at("people.health");
  const link = tab.page.locator("main").getByRole("link", { name: tab.words.t("people.staff"), exact: true });
  await link.click();
  await tab.at("people.staff");
}

/**
 * Invites somebody from A2; the sheet's code.
 * @param {Tab} tab
 * @param {string} role
 */
async function inviteStaff(tab, role) {
  await toStaff(tab);
  await tab.choose(`people.role.${role}`);
  await tab.press("people.staff.invite.do");
  await tab.at("people.invites.one");
  await tab.reads("people.sheet.once");
  return (await tab.page.locator(".p-code").first().textContent()) ?? "";
}

/**
 * Certifies the one who waits on A2.
 * @param {Tab} tab
 * @param {string} digits
 */
async function certify(tab, digits) {
  await tab.type("people.certify.digits", digits);
  await tab.press("people.certify");
}

journey(
  "found an agency",
  async ({ agency, open, say }) => {
    const { bootstrap_token: token } = agency.described;
    const alex = await open("staff");
    await addAuthenticator(alex.page);
    await alex.goto();
    await alex.at("common.staff.title");
    await alex.press("common.staff.setup");
    await alex.page.getByRole("link", { name: "Alex", exact: true }).click();
    await alex.at("people.setup.words");
    const own = await getWords(alex, (name) => alex.screen(name));

    await alex.at("people.setup");
    await alex.screen("the token");
    await alex.type("people.setup.token", "not the token");
    await alex.type("people.setup.name", "Riverside Adoption");
    await alex.press("people.setup.begin");
    await alex.reads("people.setup.token.wrong");
    await alex.screen("a wrong token");
    await alex.type("people.setup.token", token);
    await alex.press("people.setup.begin");
    const first = await custodian(alex, "first");
    const second = await custodian(alex, "second");
    assert.notEqual(first, second);

    await alex.at("people.setup.papers");
    await alex.screen("root and archive");
    await alex.press("people.continue");
    await alex.reads("people.setup.root.wrong");
    await alex.screen("nothing saved yet");
    const [saved] = await Promise.all([alex.page.waitForEvent("download"), alex.press("people.setup.root.save")]);
    assert.equal(saved.suggestedFilename(), "postern-root.age");
    const root = readFileSync(await saved.path());
    assert.match(root.toString("latin1"), /^age-encryption\.org\/v1\n-> scrypt /);
    const file = { name: "postern-root.age", mimeType: "application/octet-stream", buffer: root };
    await alex.field("people.setup.root.check").setInputFiles(file);
    await alex.choose("people.setup.archive.done");
    await alex.press("people.continue");
    await alex.at("people.setup.found");
    await alex.screen("before founding");
    await alex.press("people.setup.found.go", { name: "Riverside Adoption" });

    await alex.at("people.setup.realm");
    const realm = (await alex.page.locator(".p-digits").textContent()) ?? "";
    assert.match(realm, /^[0-9a-f]{64}$/);
    await alex.screen("the realm");
    // A reload in the middle: the page takes up from what the server knows.
    await alex.goto("/admin/setup");
    await alex.unlock(own);
    await alex.at("people.setup.realm");
    await agency.pin(realm);

    await alex.at("people.health");
    await alex.reads("people.next.phone");
    await alex.screen("a new agency");
    await alex.type("people.rules.phone", "not a number");
    await alex.press("people.save");
    await alex.reads("people.rules.phone.error");
    await alex.type("people.rules.phone", "01632 960 123");
    await alex.press("people.save");
    await alex.reads("people.saved");

    await alex.press("people.next.team");
    await alex.at("people.staff");
    await alex.screen("staff");
    await alex.type("people.teams.name", "Letterbox team");
    await alex.press("people.teams.make");
    await alex.reads("people.teams.noKey");
    await alex.type("people.name.label", "Alex");
    await alex.field("people.name.label").press("Enter");
    await alex.page.getByRole("row", { name: /^Alex/ }).waitFor();
    await alex.screen("a team, and a name");

    /** @type {Record<string, { tab: Tab, words: string }>} */
    const leads = {};
    for (const name of ["Dee", "Joan"]) {
      const code = await inviteStaff(alex, "lead");
      if (name === "Dee") await alex.screen("a sheet for staff");
      const tab = await open("staff");
      const authenticator = await addAuthenticator(tab.page);
      const { words, digits } = await joinStaff(tab, name, code);
      if (name === "Dee") {
        await tab.screen("waiting");
        await tab.press("people.passkey.add");
        await tab.reads("people.passkey.added");
        assert.equal(await authenticator.count(), 1);
      }
      await toStaff(alex);
      await alex.reads("people.staff.byRoot");
      await alex.field("people.root.file").setInputFiles(file);
      await alex.type("people.root.first", second);
      await alex.type("people.root.second", first);
      if (name === "Dee") {
        await alex.press("people.root.open");
        await alex.reads("people.root.wrong");
        await alex.screen("custodians the wrong way round");
      }
      await alex.type("people.root.first", first);
      await alex.type("people.root.second", second);
      await alex.press("people.root.open");
      await alex.field("people.certify.digits").waitFor();
      if (name === "Dee") {
        await certify(alex, digits.replace(/\d$/, (last) => String((Number(last) + 1) % 10)));
        await alex.reads("people.certify.wrong");
        await alex.screen("wrong digits");
      }
      await certify(alex, digits);
      await alex.page.getByText(alex.words.t("people.staff.waiting")).waitFor({ state: "detached" });
      // Certified: their screen goes on by itself.
      await tab.page.waitForURL("**/desk");
      leads[name] = { tab, words };
    }
    const dee = leads["Dee"];
    const joan = leads["Joan"];
    assert.ok(dee && joan);

    // Letterbox workers are two people's to certify.
    const code = await inviteStaff(dee.tab, "coordinator");
    const priya = await open("staff");
    const joined = await joinStaff(priya, "Priya", code);
    await dee.tab.press("people.staff.certify.go");
    await dee.tab.at("people.staff");
    await dee.tab.reads("people.staff.first");
    await dee.tab.screen("the first of two");
    await certify(dee.tab, joined.digits);
    await dee.tab.reads("people.staff.second.wait");
    await joan.tab.goto("/admin/staff");
    await joan.tab.unlock(joan.words);
    await joan.tab.at("people.staff");
    await joan.tab.reads("people.staff.second");
    await joan.tab.screen("the second of two");
    await certify(joan.tab, joined.digits);
    await priya.page.waitForURL("**/desk");

    // The passkey opens without words.
    await dee.tab.goto("/team/key");
    await dee.tab.at("people.unlock");
    await dee.tab.screen("passkey first");
    await dee.tab.press("people.unlock.passkey");
    await dee.tab.at("people.key");
    await dee.tab.screen("no key yet");
    await dee.tab.press("people.key.first");
    await dee.tab.control("people.key.change").waitFor();
    await dee.tab.screen("the first key");

    // Somebody leaves: the team's key is changed the same day.
    await dee.tab.press("people.nav.admin");
    await dee.tab.at("people.health");
    await dee.tab.screen("all done");
    await toStaff(dee.tab);
    await dee.tab.screen("three colleagues");
    const removing = dee.tab.page.getByRole("row").filter({ hasText: dee.tab.words.t("people.role.coordinator") });
    await removing.getByRole("button").click();
    await dee.tab.screen("removing somebody");
    await dee.tab.page.locator("section.p-card .govuk-button--warning").click();
    await dee.tab.page.getByText(/Change the team key today|Newidiwch allwedd y tîm heddiw/).first().waitFor();
    await dee.tab.screen("removed");
    await dee.tab.page.locator("section.p-card a").click();
    await dee.tab.at("people.key");
    await dee.tab.screen("after somebody left");
    await dee.tab.press("people.key.change");
    await dee.tab.page.getByText("2", { exact: true }).waitFor();
    await dee.tab.screen("the second key");
    say(`founded with ${alex.taps} taps`);
  },
  { founded: false },
);
