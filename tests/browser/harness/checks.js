// What must hold on every screen, whatever is on it. Each check gives its complaints as sentences.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** @typedef {import("playwright-core").Page} Page */

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Everybody of the demo and the journeys. */
const NAMES = /\b(Beth|Tom|Kerry|Maureen|Jamie|Liam|Priya|Sam|Dee|Joan|Alex)\b/;

/**
 * WCAG 2.2 A and AA, and best practice.
 * @param {Page} page
 */
export async function accessibility(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const violations = await page.evaluate(async (values) => {
    // axe puts itself there.
    const { axe } = /** @type {any} */ (globalThis);
    const options = { runOnly: { type: "tag", values }, rules: { "target-size": { enabled: true } } };
    return (await axe.run(document, options)).violations.map((/** @type {any} */ one) => ({
      id: one.id,
      help: one.help,
      where: one.nodes.map((/** @type {any} */ node) => node.html.slice(0, 160)),
    }));
  }, RULES);
  return violations.map(
    (/** @type {any} */ { id, help, where }) => `axe ${id}: ${help}\n      ${where.join("\n      ")}`,
  );
}

/**
 * Nobody's name where a history or a tab shows it.
 * @param {Page} page
 */
export async function noNames(page) {
  const url = new URL(page.url());
  const shown = [await page.title(), decodeURIComponent(url.pathname + url.search + url.hash)];
  return shown.filter((text) => NAMES.test(text)).map((text) => `somebody's name in “${text}”`);
}

/**
 * Nothing sideways: at this width, at 320 px, on a 1280 px screen at 200 % (a view of 640 px), and
 * with text of twice the size.
 * @param {Page} page
 */
export async function noSidewaysScroll(page) {
  const own = page.viewportSize() ?? { width: 1280, height: 800 };
  const complaints = [];
  for (const width of new Set([own.width, 320, 640])) {
    await page.setViewportSize({ width, height: own.height });
    complaints.push(...(await wider(page, `${width} px`)));
  }
  await page.setViewportSize(own);
  await largerText(page, true);
  complaints.push(...(await wider(page, `${own.width} px with text of 200 %`)));
  await largerText(page, false);
  return complaints;
}

/**
 * @param {Page} page
 * @param {string} at
 */
async function wider(page, at) {
  const found = await page.evaluate(() => {
    const root = document.scrollingElement ?? document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return null;
    const past = [...document.querySelectorAll("body *")].filter(
      (one) => one.getBoundingClientRect().right > root.clientWidth + 1,
    );
    const innermost = past.filter((one) => !past.some((other) => other !== one && one.contains(other)));
    return { by: root.scrollWidth - root.clientWidth, what: innermost.map((one) => one.outerHTML.slice(0, 120)) };
  });
  return found === null ? [] : [`at ${at} it is ${found.by} px too wide: ${found.what.slice(0, 3).join(" | ")}`];
}

/**
 * As people set it in their browser. A constructed style sheet: the pages' own policy stays.
 * @param {Page} page
 * @param {boolean} isLarger
 */
async function largerText(page, isLarger) {
  await page.evaluate((isLarger) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("html { font-size: 200% !important; }");
    document.adoptedStyleSheets = isLarger ? [sheet] : [];
  }, isLarger);
}

/**
 * Whatever is pressed or typed into is 44 px high. Links inside text are not; skip links are hidden.
 * @param {Page} page
 */
export async function targets(page) {
  return page.evaluate(() => {
    const pressed = "button, summary, select, textarea, input:not([type=hidden]), a.govuk-button";
    return [...document.querySelectorAll(pressed)].flatMap((one) => {
      const { width, height } = one.getBoundingClientRect();
      const isShown = one.checkVisibility({ visibilityProperty: true }) && width > 1 && height > 1;
      if (!isShown || height >= 43.5) return [];
      return [`${Math.round(height)} px high: ${one.outerHTML.slice(0, 120)}`];
    });
  });
}
