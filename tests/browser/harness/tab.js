// One tab of somebody's browser: what they press and type by the words on the screen, and every
// screen they see, checked and kept as a picture.

import assert from "node:assert/strict";
import { accessibility, noNames, noSidewaysScroll, targets } from "./checks.js";
import { TAG } from "./words.js";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Locator} Locator
 * @typedef {import("./words.js").Params} Params
 * @typedef {import("./world.js").Person} Person
 * @typedef {{ heading: string, title: string, path: string }} Seen
 */

/** The lock of each site, by the keys of its words. */
const LOCK = {
  family: { title: "settings.unlock.title", words: "settings.unlock.label", go: "settings.unlock.go" },
  staff: { title: "people.unlock", words: "people.unlock.label", go: "people.unlock.open" },
};

/** What is pressed: buttons, links, the summaries of details. */
const PRESSED = /** @type {const} */ (["button", "link"]);

export class Tab {
  /**
   * @param {Page} page
   * @param {import("./world.js").Site} site
   * @param {import("./words.js").Words} words
   * @param {{ site: "family" | "staff", picture: (name: string) => string }} place
   */
  constructor(page, site, words, place) {
    this.page = page;
    this.site = site;
    this.words = words;
    this.place = place;
    /** Presses, and fields typed into, since `begin()`. */
    this.taps = 0;
    this.typed = 0;
    this.began = Date.now();
    /** @type {string[]} */
    this.complaints = [];
    /** @type {RegExp[]} */
    this.expected = [];
    /** @type {Seen | null} */
    this.seen = null;
    this.isFresh = true;
    this.listen();
  }

  listen() {
    const { page, site } = this;
    const complain = (/** @type {string} */ text) => {
      if (!this.expected.some((pattern) => pattern.test(text))) this.complaints.push(text);
    };
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      // What the API refuses is the page's to say; the browser notes it as well.
      const isRefusal = /status of 4\d\d/.test(message.text()) && message.location().url.includes("/api/");
      if (!isRefusal) complain(`console: ${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => complain(`page error: ${error.message}`));
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      const isOurs = origin === site.origin || origin === site.issuer;
      const isLocal = protocol === "blob:" || protocol === "data:";
      if (!isOurs && !isLocal) complain(`a request to ${request.url()}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 500) complain(`${response.status()} from ${response.url()}`);
    });
    page.on("domcontentloaded", () => {
      this.isFresh = true;
    });
  }

  /**
   * Lets complaints like these pass while `act` goes on: a server that is stopped, a connection cut.
   * @template T
   * @param {RegExp} pattern
   * @param {() => Promise<T>} act
   */
  async expecting(pattern, act) {
    this.expected.push(pattern);
    try {
      return await act();
    } finally {
      this.expected = this.expected.filter((one) => one !== pattern);
    }
  }

  /**
   * Goes to an address of the site as if it were typed.
   * @param {string} [path]
   */
  async goto(path = "/") {
    await this.page.goto(this.site.origin + path);
  }

  /**
   * The H1 with these words, once it is there.
   * @param {string} key
   * @param {Params} [params] without those a key asks for, any will do
   */
  async at(key, params) {
    const name = params === undefined ? this.words.pattern(key) : this.words.t(key, params);
    const heading = this.page.getByRole("heading", { level: 1, name, exact: true });
    await heading.waitFor();
    return heading;
  }

  /**
   * The button, link or summary with these words.
   * @param {string} key
   * @param {Params} [params]
   */
  control(key, params) {
    return this.named(this.words.t(key, params));
  }

  /**
   * The same by the words themselves.
   * @param {string} name
   */
  named(name) {
    const { page } = this;
    const [button, link] = PRESSED.map((role) => page.getByRole(role, { name, exact: true }));
    const summary = page.locator("summary").getByText(name, { exact: true });
    if (button === undefined || link === undefined) throw new Error("two roles");
    return button.or(link).or(summary);
  }

  /**
   * Presses it: one tap.
   * @param {string} key
   * @param {Params} [params]
   */
  async press(key, params) {
    await this.tap(this.control(key, params));
  }

  /** @param {Locator} locator */
  async tap(locator) {
    this.taps += 1;
    await locator.click();
  }

  /**
   * The field with this label.
   * @param {string} key
   * @param {Params} [params]
   */
  field(key, params) {
    return this.page.getByLabel(this.words.t(key, params), { exact: true });
  }

  /**
   * Types into the field with this label.
   * @param {string} key
   * @param {string} text
   */
  async type(key, text) {
    this.typed += 1;
    await this.field(key).fill(text);
  }

  /**
   * Chooses a radio or ticks a box: one tap.
   * @param {string} key
   * @param {Params} [params]
   */
  async choose(key, params) {
    this.taps += 1;
    await this.field(key, params).check();
  }

  /**
   * Whether these words stand anywhere on the screen.
   * @param {string} key
   * @param {Params} [params] without those a key asks for, any will do
   */
  async reads(key, params) {
    const name = params === undefined ? this.words.pattern(key) : this.words.t(key, params);
    await this.page.getByText(name, { exact: true }).filter({ visible: true }).first().waitFor();
  }

  /** The words for a card, once they are on the screen: English ones in any language, and marked so. */
  async shownWords() {
    const words = this.page.locator(".p-words > li");
    await words.first().waitFor();
    const marked = await words.first().evaluate((word) => word.closest("[lang]")?.getAttribute("lang") ?? "");
    assert.match(marked, /^en/, "a screen reader says the words as English");
    return words.allTextContents();
  }

  /**
   * Goes through the development provider's page, which takes anybody's word for who they are.
   * @param {string} name
   */
  async signIn(name) {
    await this.press(this.place.site === "staff" ? "common.staff.signIn" : "common.door.signIn");
    await this.page.waitForURL(`${this.site.issuer}/**`);
    const known = this.page.getByRole("link", { name, exact: true });
    if ((await known.count()) === 1) {
      await known.click();
    } else {
      await this.page.getByLabel("Another name").fill(name);
      await this.page.getByRole("button", { name: "Sign in" }).click();
    }
    await this.page.waitForURL(`${this.site.origin}/**`);
  }

  /**
   * Goes to a page without loading the site anew, which would lock it.
   * @param {string} path
   */
  async ride(path) {
    await this.page.evaluate((path) => {
      history.pushState(null, "", path);
      dispatchEvent(new PopStateEvent("popstate"));
    }, path);
  }

  /**
   * Types the words on the card where the lock asks for them.
   * @param {string} words
   */
  async unlock(words) {
    const lock = LOCK[this.place.site];
    await this.at(lock.title);
    await this.type(lock.words, words);
    await this.press(lock.go);
  }

  /**
   * Comes to the front door, signs in, reads about Exit once, and opens the letterbox.
   * @param {Person} person
   * @param {string} [path]
   */
  async visit(person, path = "/") {
    await this.goto(path);
    const isFamily = this.place.site === "family";
    // The door itself has no Exit yet.
    if (isFamily && path !== "/") await this.press("common.safety.understand");
    await this.signIn(person.name);
    if (isFamily && path === "/") await this.press("common.safety.understand");
    await this.unlock(person.words);
  }

  /** Counts taps, typing and time from here. */
  begin() {
    this.taps = 0;
    this.typed = 0;
    this.began = Date.now();
  }

  /** What it took since `begin()`. */
  took() {
    return { taps: this.taps, typed: this.typed, seconds: (Date.now() - this.began) / 1000 };
  }

  /**
   * Checks the screen in front of us, in whatever state it is, and keeps a picture of it.
   * @param {string} name of the picture
   */
  async screen(name) {
    await this.settled();
    const { page } = this;
    const complaints = [...(await this.headAndFocus()), ...(await noNames(page)), ...(await targets(page))];
    complaints.push(...(await accessibility(page)));
    await page.screenshot({ path: this.place.picture(name), fullPage: true });
    complaints.push(...(await noSidewaysScroll(page)));
    complaints.push(...this.complaints.splice(0));
    const where = `${name} (${new URL(page.url()).pathname}, ${this.words.lang})`;
    assert.deepEqual(complaints, [], `${where}:\n    ${complaints.join("\n    ")}\n`);
  }

  /** Looks at title and focus alone, before something is done on a page that is checked in full later. */
  async arrived() {
    await this.settled();
    assert.deepEqual(await this.headAndFocus(), []);
  }

  /** Nothing is on its way. */
  async settled() {
    const waiting = [this.words.t("common.opening"), this.words.t("common.slow")];
    await this.page.locator("h1").first().waitFor();
    await this.page.waitForFunction(
      (waiting) => {
        const shown = [...document.querySelectorAll("[role=status]")].map((one) => one.textContent?.trim() ?? "");
        return document.querySelectorAll("h1").length === 1 && !shown.some((text) => waiting.includes(text));
      },
      waiting,
    );
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  /** The title names the page and the product; after a change of page focus is where reading begins. */
  async headAndFocus() {
    const { page, words } = this;
    const { focus, lang, ...now } = await page.evaluate(() => {
      const { activeElement: held } = document;
      const summary = held?.closest(".govuk-error-summary");
      return {
        focus: summary ? "errors" : held?.tagName === "H1" ? "heading" : held === document.body ? "nowhere" : "inside",
        lang: document.documentElement.lang,
        heading: document.querySelector("h1")?.textContent ?? "",
        title: document.title,
        path: location.pathname,
      };
    });
    const before = this.seen;
    const wasFresh = this.isFresh;
    this.seen = now;
    this.isFresh = false;
    const isOther = before === null || before.heading !== now.heading || before.path !== now.path;
    const complaints = [];
    if (lang !== TAG[words.lang]) complaints.push(`<html lang> is “${lang}”`);
    if (!now.title.endsWith(` – ${words.t("common.service")}`)) complaints.push(`the title is “${now.title}”`);
    if (!now.title.includes(now.heading)) complaints.push(`the title “${now.title}” is not the heading`);
    if (isOther && before?.title === now.title) complaints.push(`the title is still “${now.title}”`);
    // A page that was just loaded begins at its top; a change of page within it moves focus.
    const mayBeNowhere = wasFresh && isOther;
    if (focus === "nowhere" && !mayBeNowhere) complaints.push("focus is nowhere");
    if (isOther && focus === "inside") complaints.push("focus is not on the heading");
    return complaints;
  }

  /** Nothing was left to complain of. */
  done() {
    assert.deepEqual(this.complaints, [], this.complaints.join("\n"));
  }
}
