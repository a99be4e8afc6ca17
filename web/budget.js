// What a visit weighs, against what we promised (gzip, kB = 1,000 bytes). `npm run size` fails over it.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { buildSite } from "./site.js";

const LIMITS = {
  "family: front door, HTML + CSS + scripts + words": 35_000,
  "family: requests of the front door": 6,
  "family: all scripts, sealing and English included": 110_000,
  "family: CSS": 10_000,
  "family: words in English, text alone, not compressed": 25_000,
  "family: words in Welsh, text alone, not compressed": 25_000,
  "staff: all scripts, English included": 230_000,
  "staff: CSS": 12_000,
};

const FAMILY_WORDS = ["common", "join", "letters", "write", "settings"];

/** Asked by every page as it starts. */
const API_CALLS = ["/api/agency", "/api/session"];

/** Prints every figure with its limit; returns whether all are kept. */
export async function measure() {
  const family = sizes(await buildSite("family"));
  const staff = sizes(await buildSite("staff"));
  const door = family.frontDoor();
  const found = {
    "family: front door, HTML + CSS + scripts + words": family.gzip(door),
    "family: requests of the front door": door.length + API_CALLS.length,
    "family: all scripts, sealing and English included": family.gzip(family.scripts("en")),
    "family: CSS": family.gzip([family.styleName]),
    "family: words in English, text alone, not compressed": spoken("en"),
    "family: words in Welsh, text alone, not compressed": spoken("cy"),
    "staff: all scripts, English included": staff.gzip(staff.scripts("en")),
    "staff: CSS": staff.gzip([staff.styleName]),
  };
  const over = Object.keys(LIMITS).filter((name) => !(found[name] <= LIMITS[name]));
  for (const [name, limit] of Object.entries(LIMITS)) {
    line(name, found[name], `of ${limit.toLocaleString("en-GB")}${over.includes(name) ? "  OVER" : ""}`);
  }
  line("list of words for cards, when one is made", family.gzip(family.wordList()), "(no limit)");
  line("scripts of the family site, in number", family.scripts("en").length, "(no limit)");
  console.log(`\nthe front door loads: ${[...door, ...API_CALLS].join("  ")}`);
  return over.length === 0;
}

/** Bytes of what families may read in one language. */
function spoken(lang) {
  const sheets = FAMILY_WORDS.map((area) => JSON.parse(readFileSync(`src/words/${lang}/${area}.json`, "utf8")));
  return sheets.flatMap(Object.values).reduce((sum, words) => sum + Buffer.byteLength(words), 0);
}

function line(name, figure, limit) {
  console.log(`${name.padEnd(56)}${figure.toLocaleString("en-GB").padStart(9)}  ${limit}`);
}

function sizes({ files, outputs, start, styleName }) {
  const holding = (part) =>
    Object.keys(outputs).filter((name) => Object.keys(outputs[name].inputs).some((path) => path.includes(part)));
  const words = (lang) => holding(`src/words/${lang}/`).filter((name) => name !== start);
  const wordList = () => holding("crates/seal/src/words.txt");
  return {
    styleName,
    words,
    wordList,
    /** In one language; the list of words apart. */
    scripts(lang) {
      const others = [...words(lang === "en" ? "cy" : "en"), ...wordList()];
      return [...Object.keys(outputs), "worker.js"].filter((name) => !others.includes(name));
    },
    /** The page, its style, its script with all it imports, the common words, and the first page. */
    frontDoor() {
      const first = [start, ...holding("src/words/en/common.json"), ...holding("src/pages/family/door.tsx")];
      return ["index.html", styleName, ...withImports(outputs, first)];
    },
    gzip: (names) => names.reduce((sum, name) => sum + gzipSync(files.get(name), { level: 9 }).length, 0),
  };
}

/** Some scripts and every script that they import. */
function withImports(outputs, names, found = new Set()) {
  for (const name of names.filter((name) => !found.has(name))) {
    found.add(name);
    const imports = outputs[name].imports.filter(({ kind }) => kind === "import-statement");
    withImports(outputs, imports.map((one) => one.name), found);
  }
  return [...found];
}
