/** Ways to reach or find somebody, however they are spelled. */

import type { Rule, WriterRule } from "./rule.ts";

/** Number words of both languages, and what each adds to a telephone number. */
const DIGITS: Readonly<Record<string, string>> = {
  oh: "0", o: "0", zero: "0", nought: "0", nil: "0", dim: "0", sero: "0",
  one: "1", un: "1",
  two: "2", dau: "2", dwy: "2",
  three: "3", tri: "3", tair: "3",
  four: "4", pedwar: "4", pedair: "4",
  five: "5", pump: "5", pum: "5",
  six: "6", chwech: "6", chwe: "6",
  seven: "7", saith: "7",
  eight: "8", wyth: "8",
  nine: "9", naw: "9",
};
const TIMES: Readonly<Record<string, number>> = { double: 2, dwbl: 2, treble: 3, triple: 3, trebl: 3 };

const ONE = `(?:\\d{1,20}|${Object.keys(DIGITS).join("|")})`;
const MANY = `(?:${Object.keys(TIMES).join("|")})`;
/** Digits and number words in a row, with nothing but spaces and light marks between. */
const ROW = new RegExp(`\\+?\\(?(?:${MANY}\\s+)?${ONE}\\)?(?:[\\s,.()\\-–]{1,3}(?:${MANY}\\s+)?${ONE}(?![\\p{L}])\\)?)*`, "giu");

/** The digits that a row of digits and number words says. */
function dialled(row: string): string {
  let times = 1;
  let digits = "";
  for (const word of row.toLowerCase().match(/\d+|\p{L}+/gu) ?? []) {
    if (word in TIMES) {
      times = TIMES[word] ?? 1;
      continue;
    }
    const [first = "", ...rest] = DIGITS[word] ?? word;
    digits += first.repeat(times) + rest.join("");
    times = 1;
  }
  return digits;
}

/** As British numbers are dialled: ten or eleven digits from 0, or more from the country's code. */
function isPhone(row: string): boolean {
  const digits = dialled(row);
  if (/^(0044|44)\d{9,11}$/.test(digits)) return true;
  return /^0[1-9]\d{8,9}$/.test(digits) || /^7\d{9}$/.test(digits);
}

const AT = "(?:\\s*@\\s*|\\s*[([]\\s*(?:at|malwen)\\s*[)\\]]\\s*|\\s+(?:at|malwen)\\s+)";
const DOT = "(?:\\.|\\s*[([]\\s*(?:dot|dotyn)\\s*[)\\]]\\s*|\\s+(?:dot|dotyn)\\s+)";
const ENDING = "(?:com|co|net|org|uk|cymru|wales|info|biz|app|me|io|eu|scot)";

const APPS =
  "(?:facebook|fb|messenger|instagram|insta|snapchat|snap|tik ?tok|whats ?app|twitter|discord|telegram|signal|skype|roblox|xbox|playstation|psn|fortnite|minecraft|youtube|linkedin|twitch|vinted|bereal)";

export const contact: readonly Rule<WriterRule>[] = [
  {
    rule: "postcode",
    severity: "strong",
    find: /[A-Z]{1,2}\d[A-Z\d]?\s{0,2}\d[ABD-HJLNP-UW-Z]{2}(?![\p{L}\d])/giu,
    // "a1 2nd" and the like are lists: somebody who means a postcode writes capitals or no space.
    when: (found) => found === found.toUpperCase() || !/\d[a-z]?\s+\d(st|nd|rd|th)$/i.test(found),
  },
  { rule: "phone", severity: "strong", find: ROW, when: isPhone },
  {
    rule: "phone",
    severity: "strong",
    find: /(?:ring|call|phone|text|dial|number|mobile|ffoniwch|ffonia|ffonio|tecstiwch|rhif)(?!\p{L})[^.!?\n\d]{0,20}(?<span>\d[\d ]{4,10}\d)(?!\d)/giu,
    unless: /\b(?:lego|page|tudalen|room|ystafell|tickets?|pieces?|steps?)\b/i,
  },
  {
    rule: "email",
    severity: "strong",
    find: new RegExp(`[\\p{L}\\d._+-]{1,64}${AT}[\\p{L}\\d-]{1,63}(?:${DOT}[\\p{L}\\d-]{1,63}){0,4}${DOT}${ENDING}(?![\\p{L}\\d])`, "giu"),
  },
  { rule: "link", severity: "strong", find: /(?:https?:\/\/|www\.)[^\s<>"']+[^\s<>"'.,;:!?)]/giu },
  {
    rule: "link",
    severity: "strong",
    find: /(?:[a-z\d-]{1,63}\.){1,5}(?:com|co\.uk|org\.uk|org|net|cymru|wales|info|app|gg)(?![\p{L}\d])(?:\/[^\s<>"']*[^\s<>"'.,;:!?)])?/giu,
  },
  { rule: "link", severity: "strong", find: /(?:t\.me|wa\.me|fb\.me|bit\.ly|youtu\.be)\/\S+/giu },
  { rule: "handle", severity: "strong", find: /@\p{L}[\p{L}\d_.]+/giu },
  {
    rule: "handle",
    severity: "strong",
    find: new RegExp(
      `(?:(?:my|our|his|her|their|fy|ein|ei)\\s+${APPS}|(?:my|our|his|her|fy|ein|ei)\\s+(?:user ?name|gamer ?tag|handle|account name|enw defnyddiwr))(?:\\s+(?:name|handle|account|user ?name|tag|page))?\\s*(?:is|yw|ydy|:|=)\\s*\\S+`,
      "giu",
    ),
  },
  {
    rule: "handle",
    severity: "strong",
    find: new RegExp(
      `(?:find|add|follow|message|friend|look|search|dm|ychwaneg\\p{L}*|dilyn\\p{L}*|chwili\\p{L}*|neges\\p{L}*)(?!\\p{L})[^.!?\\n]{0,40}?[^\\p{L}.!?\\n](?:on|for|ar)\\s+${APPS}(?!\\p{L})`,
      "giu",
    ),
  },
  // Three words that name three metres of ground, a sort code with its account, a number plate.
  { rule: "number", severity: "strong", find: /\/\/\/\p{Ll}+\.\p{Ll}+\.\p{Ll}+/gu },
  { rule: "number", severity: "strong", find: /\d\d-\d\d-\d\d[\s,]+\d{8}(?!\d)/g },
  { rule: "number", severity: "strong", find: /[A-Z]{2}\d{2}\s?[A-Z]{3}(?![\p{L}\d])/gu },
];
