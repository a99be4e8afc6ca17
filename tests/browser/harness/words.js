// The words on the screens, from the very files that the client is built from.

import { readFileSync, readdirSync } from "node:fs";

/** @typedef {"en" | "cy"} Lang */
/** @typedef {Record<string, string | number>} Params */

/** @type {readonly Lang[]} */
export const LANGS = ["en", "cy"];

/** What `<html lang>` says. */
export const TAG = { en: "en-GB", cy: "cy" };

/**
 * Finds words by their key, as the client does.
 * @param {Lang} lang
 */
export function wordsIn(lang) {
  const folder = new URL(`../../../web/src/words/${lang}/`, import.meta.url);
  /** @type {Record<string, string>} */
  const all = {};
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    Object.assign(all, JSON.parse(readFileSync(new URL(name, folder), "utf8")));
  }

  /** @param {string} key */
  function text(key) {
    const words = all[key];
    if (words === undefined) throw new Error(`no words for ${key} in ${lang}`);
    return words;
  }

  /**
   * The words of a key as they are read: `{name}` filled in, markup left out.
   * @param {string} key
   * @param {Params} [params]
   */
  function t(key, params = {}) {
    return plain(fill(text(key), params));
  }

  /**
   * The words of a key for `n` things.
   * @param {string} key
   * @param {number} n
   * @param {Params} [params]
   */
  function plural(key, n, params = {}) {
    const form = new Intl.PluralRules(lang).select(n);
    return plain(fill(all[`${key}.${form}`] ?? text(`${key}.other`), { n, ...params }));
  }

  /**
   * The words of a key whatever its `{names}` hold.
   * @param {string} key
   */
  function pattern(key) {
    const pieces = plain(text(key)).split(/\{\w+\}/);
    return pieces.length === 1 ? t(key) : new RegExp(`^${pieces.map(escape).join(".+?")}$`);
  }

  return { lang, t, plural, pattern, has: (/** @type {string} */ key) => key in all };
}

/** @typedef {ReturnType<typeof wordsIn>} Words */

/**
 * @param {string} words
 * @param {Params} params
 */
function fill(words, params) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => String(params[name] ?? whole));
}

/** @param {string} words */
function plain(words) {
  return words.replace(/<\/?[a-z]+>/g, "");
}

/**
 * Text inside a pattern. Quotes are spelled out: where Playwright cuts its selectors, they count.
 * @param {string} text
 */
function escape(text) {
  const quotes = text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  return quotes.replaceAll("'", "\\x27").replaceAll('"', "\\x22").replaceAll(">>", ">\\x3e");
}
