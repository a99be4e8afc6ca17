// Lying servers: one thing in one answer is put in the place of another. A checker's browser must
// never send a decision for it, and a reader's screen must never show the letter.

import assert from "node:assert/strict";
import { bent, journey, lie, named, PASSED_ON } from "./harness/harness.js";
import { edit, exchange, leaveOut, newest, ofKind } from "./harness/lies.js";

/** @typedef {import("./harness/tab.js").Tab} Tab */
/** @typedef {(answer: any, other: any) => unknown} Change */

/** Every letter holds it; what shows it shows a letter. */
const INSIDE = "hedgehog";
const text = (/** @type {string} */ name) => `Dear Kerry, ${name} and the ${INSIDE} send their love. Beth`;

/**
 * What the server truly answers on the way to a page.
 * @param {Tab} tab
 * @param {RegExp} path of the answer
 * @param {string} page
 */
async function truth(tab, path, page) {
  const isIt = (/** @type {import("playwright-core").Response} */ one) => path.test(new URL(one.url()).pathname);
  const [answer] = await Promise.all([tab.page.waitForResponse(isIt), tab.ride(page)]);
  return answer.json();
}

/** @param {Tab} tab */
async function showsNothing(tab) {
  const shown = await tab.page.locator("body").innerText();
  assert.ok(!shown.includes(INSIDE), "the letter is on the screen");
}

/** @type {Record<string, Change>} */
const IN_A_PROOF = {
  "another root": ({ proof }) => void (proof.root = bent(proof.root)),
  "the writer's certificate exchanged for the reader's": ({ proof }) => {
    const [one, two] = ofKind(proof, "member");
    if (one && two) exchange(proof, newest(proof, "member") === one ? two : one, newest(proof, "member"));
  },
  "a certificate left out": ({ proof }) => leaveOut(proof, newest(proof, "member")),
  "a reader's certificate exchanged in the arrangement": ({ proof }) =>
    edit(newest(proof, "arrangement"), ({ members: [one, two] }) => {
      [one.cert_id, two.cert_id] = [two.cert_id, one.cert_id];
    }),
  "an older arrangement in the place of the newest": ({ proof }) => {
    const [older] = ofKind(proof, "arrangement");
    if (older) exchange(proof, newest(proof, "arrangement"), older);
  },
  "statements in another order": ({ proof }) => void proof.statements.reverse(),
  "the letter signed by nobody": ({ proof }) => {
    const [signature] = newest(proof, "submit").signatures;
    if (signature) signature.sig = bent(signature.sig, 20);
  },
  "another key of the team": ({ proof }) =>
    edit(newest(proof, "epoch"), (body) => void (body.review_key = body.archive_key)),
  "no log": ({ proof }) => void (proof.log = null),
  "another checkpoint": ({ proof: { log } }) => void (log.note = bent(log.note, log.note.length - 20)),
  "an entry of the log held back": ({ proof }) => void (proof.log.places[1] = null),
  "an entry of the log altered": ({ proof }) => void (proof.log.places[1].salt = "7".repeat(32)),
  "entries of the log in another order": ({ proof }) => void proof.log.places.reverse(),
  "another tree": ({ proof: { log } }) => void (log.hashes = bent(log.hashes)),
};

/** @type {Record<string, Change>} */
const IN_A_FILE = {
  "another letter's file": (answer, other) => void (answer.ciphertext = other.ciphertext),
  "one bit of the file": (answer) => void (answer.ciphertext = bent(answer.ciphertext)),
  "another letter's key": (answer, other) => void (answer.grant = other.grant),
  "one bit of the key": (answer) => void (answer.grant = bent(answer.grant)),
};

/** @type {Record<string, Change>} */
const TO_A_CHECKER = {
  ...IN_A_PROOF,
  ...IN_A_FILE,
  "the statement of another letter": (answer, other) => void (answer.statement = other.statement),
  "another letter in its place": (answer, other) => ({ ...other, letter: answer.letter }),
  "the newest arrangement held back": ({ proof }) => leaveOut(proof, newest(proof, "arrangement")),
};

/**
 * All of them in English; one in another language, for what its screen says.
 * @param {Record<string, Change>} lies
 * @param {import("./harness/harness.js").Lang} lang
 */
const toTell = (lies, lang) => Object.entries(lies).slice(0, lang === "en" ? undefined : 1);

journey("lies to a checker", async ({ agency, open, lang }) => {
  const family = await agency.newFamily();
  const others = await agency.newFamily();
  const beth = named(family.people, "Beth");
  const { letter } = await agency.letter(family, beth, text("Jamie"));
  const { letter: second } = await agency.letter(family, beth, text("Liam"));

  const tab = await open("staff");
  let decisions = 0;
  tab.page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/decisions")) decisions += 1;
  });
  await tab.visit(agency.colleague("Priya"));
  await tab.at("desk.today");
  await newerPlan(tab, family.arrangement);
  const opening = new RegExp(`^/api/checks/${letter}/open$`);
  const other = await truth(tab, /^\/api\/checks\/\w+\/open$/, `/desk/check/${second}`);
  await tab.page.getByText(INSIDE).waitFor();

  /**
   * @param {string} name
   * @param {RegExp} path
   * @param {(answer: any) => unknown} change
   * @param {() => Promise<void>} expected
   */
  const tell = async (name, path, change, expected) => {
    await tab.ride("/desk/queue");
    await tab.at("desk.queue");
    const told = await lie(tab.page.context(), { path, change });
    await tab.ride(`/desk/check/${letter}`);
    await expected().catch((error) => assert.fail(`${name}: ${error}`));
    assert.ok(told.told() > 0, `${name}: the lie was not told`);
    await showsNothing(tab);
    assert.equal(await tab.page.locator("#deliver").count(), 0, `${name}: it can be delivered`);
    await told.stop();
  };
  const refused = () => tab.page.getByText(tab.words.t("desk.unverified")).waitFor();

  for (const [name, change] of toTell(TO_A_CHECKER, lang)) {
    await tell(name, opening, (answer) => change(answer, structuredClone(other)), refused);
    if (name === "another root") await tab.screen("a letter that did not pass");
  }
  // Another family's plan would be looked at beside the letter.
  await tell(
    "another family's arrangement",
    /^\/api\/checks$/,
    (answer) => answer.forEach((/** @type {any} */ one) => void (one.arrangement = others.arrangement)),
    refused,
  );
  await tell("another plan", /^\/api\/arrangements\/\w+$/, (answer) => void (answer.plan = bent(answer.plan)), refused);

  assert.equal(decisions, 0, "nothing was decided on any lie");

  // On the truth this browser does send decisions.
  await tab.ride("/desk/queue");
  await tab.at("desk.queue");
  await tab.ride(`/desk/check/${letter}`);
  await tab.page.getByText(INSIDE).waitFor();
  await tab.press("desk.step.allClear");
  await tab.page.locator("#deliver").click();
  await tab.reads("desk.said.deliver");
  await tab.ride("/desk/queue");
  await tab.at("desk.queue");
  assert.equal(decisions, 1);
});

/**
 * A newer version of the arrangement: the plan gets another rule.
 * @param {Tab} tab
 * @param {string} arrangement
 */
async function newerPlan(tab, arrangement) {
  await tab.ride(`/desk/arrangements/${arrangement}`);
  await tab.at("people.arrangement");
  await tab.press("people.change");
  await tab.type("people.plan.children", "Jamie");
  await tab.type("people.plan.rules", "Letters once a year.\nA card at Christmas.");
  await tab.press("people.save");
  await tab.control("people.review.record").waitFor();
  await tab.page.getByText("A card at Christmas.").first().waitFor();
}

/** @type {Record<string, Change>} */
const IN_A_READERS_PROOF = {
  ...Object.fromEntries(
    Object.entries(IN_A_PROOF).map(([name, change]) => [name, (/** @type {any} */ proof, other) => change({ proof }, other)]),
  ),
  "no decision": (proof) => leaveOut(proof, newest(proof, "decision")),
  "the decision on another letter": (proof, other) =>
    exchange(proof, newest(proof, "decision"), newest(other, "decision")),
  "a decision that gives it to nobody": (proof) => edit(newest(proof, "decision"), (body) => void (body.grants = [])),
};

journey("lies to a reader", async ({ agency, open, lang, words }) => {
  const family = await agency.newFamily();
  const beth = named(family.people, "Beth");
  const kerry = named(family.people, "Kerry");
  const { letter } = await agency.letter(family, beth, text("Jamie"), PASSED_ON);
  const { letter: second } = await agency.letter(family, beth, text("Liam"), PASSED_ON);
  const { letter: unchecked } = await agency.letter(family, beth, text("Tom"));

  const tab = await open("family");
  const bundle = tab.page.waitForResponse((one) => one.url().endsWith("/api/account") && one.ok());
  await tab.visit(kerry);
  const older = (await (await bundle).json()).bundle;
  await tab.control("common.settings").waitFor();
  const whole = await truth(tab, new RegExp(`^/api/letters/${second}$`), `/letters/${second}`);
  await tab.page.getByText(INSIDE).waitFor();
  const { request } = tab.page.context();
  const ask = async (/** @type {string} */ path) => (await request.get(agency.family.origin + path)).json();
  const otherProof = await ask(`/api/letters/${second}/proof`);

  const cannot = words.t("letters.cannot").split(".")[0] ?? "";
  const refused = () => tab.page.getByText(cannot).waitFor();
  /**
   * @param {string} name
   * @param {RegExp} path
   * @param {(answer: any) => unknown} change
   * @param {() => Promise<void>} [expected]
   */
  const tell = async (name, path, change, expected = refused) => {
    await tab.ride("/letters");
    await tab.at("letters.title");
    const told = await lie(tab.page.context(), { path, change });
    await tab.ride(`/letters/${letter}`);
    await expected().catch((error) => assert.fail(`${name}: ${error}`));
    assert.ok(told.told() > 0, `${name}: the lie was not told`);
    await showsNothing(tab);
    await told.stop();
  };

  for (const [name, change] of toTell(IN_A_READERS_PROOF, lang)) {
    const path = new RegExp(`^/api/letters/${letter}/proof$`);
    await tell(name, path, (answer) => change(answer, structuredClone(otherProof)));
    if (name === "another root") await tab.screen("a letter that cannot be opened");
  }
  for (const [name, change] of Object.entries(IN_A_FILE)) {
    await tell(name, new RegExp(`^/api/letters/${letter}$`), (answer) => change(answer, structuredClone(whole)));
  }
  await tell("the statement of another letter", new RegExp(`^/api/letters/${letter}$`), (answer) => {
    answer.statement = whole.statement;
  });
  // The plan says who somebody is: with a false one nothing is shown at all.
  const problem = () => tab.page.locator(".p-problem").first().waitFor();
  await tell("another plan", /^\/api\/arrangements\/\w+$/, (answer) => void (answer.plan = bent(answer.plan)), problem);

  await asIfPassedOn({ agency, open, tab, beth, unchecked, whole, refused });

  // The letter itself is fine, and still opens.
  await tab.ride(`/letters/${letter}`);
  await tab.page.getByText(INSIDE).waitFor();

  // An older bundle could make this phone forget what it has pinned.
  const told = await lie(tab.page.context(), { path: /^\/api\/account$/, change: (answer) => void (answer.bundle = older) });
  await tab.goto("/letters");
  await tab.at("settings.unlock.title");
  await tab.screen("locked");
  await tab.unlock(kerry.words);
  await tab.page.locator(".p-problem").first().waitFor();
  assert.ok(told.told() > 0, "the older bundle was given");
  await tab.at("settings.unlock.title");
  await tab.screen("an older bundle");
});

/**
 * A server that hands a letter to its reader before anybody decided on it: all it has is the
 * writer's own copy.
 * @param {{ agency: import("./harness/harness.js").Agency, open: import("./harness/harness.js").Stage["open"],
 *   tab: Tab, beth: import("./harness/world.js").Person, unchecked: string, whole: any,
 *   refused: () => Promise<void> }} at
 */
async function asIfPassedOn({ agency, open, tab, beth, unchecked, whole, refused }) {
  const writer = await open("family");
  await writer.visit(beth);
  await writer.control("common.settings").waitFor();
  const ask = async (/** @type {string} */ path) =>
    (await writer.page.context().request.get(agency.family.origin + path)).json();
  const own = await ask(`/api/letters/${unchecked}`);
  const proof = await ask(`/api/letters/${unchecked}/proof`);
  const { released_at, due_on } = whole;
  const faked = { ...own, direction: "received", state: "passed_on", released_at, due_on };
  const context = tab.page.context();
  let told = 0;
  await context.route(`**/api/letters/${unchecked}**`, (route) => {
    const { pathname } = new URL(route.request().url());
    told += 1;
    if (pathname.endsWith("/proof")) return route.fulfill({ json: proof });
    return route.fulfill({ json: pathname.endsWith(unchecked) ? faked : [] });
  });
  await tab.ride(`/letters/${unchecked}`);
  await refused();
  assert.ok(told > 1);
  await showsNothing(tab);
}
