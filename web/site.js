// Builds one site: its scripts, styles and page, as a map from file name to bytes. The same source
// always makes the same bytes.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { relative } from "node:path";
import { build, transformSync } from "esbuild";
import { compile } from "sass";
import { minify } from "terser";
import { layers } from "./layers.js";
import { lean } from "./lean.js";

export const SITES = ["family", "staff"];
const WORKER = "src/worker.ts";

/**
 * The first browsers with all that our packages call (`Object.hasOwn`). On Android they renew themselves,
 * also on phones of 2020; whoever has iOS 14 can have 15. The types know nothing newer.
 */
const TARGET = ["chrome93", "firefox92", "safari15.4"];

/** What every bundle of this source needs, in a browser or in node. */
export const common = {
  bundle: true,
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".txt": "text" },
  plugins: [lean],
  logLevel: "warning",
};

const inBrowser = {
  ...common,
  target: TARGET,
  minify: true,
  write: false,
  metafile: true,
  legalComments: "none",
  outdir: "build",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
};

/**
 * `files`: what is served, by name. `start`: the script of the page. `outputs`: esbuild's account of
 * the scripts, by name.
 */
export async function buildSite(site) {
  const { files, outputs, start } = await scripts(`src/${site}.ts`);
  const style = styles(site);
  const styleName = `${site}-${hashOf(style)}.css`;
  files.set(styleName, style);
  for (const name of readdirSync("public").filter((name) => !name.endsWith(".html"))) {
    files.set(name, readFileSync(`public/${name}`));
  }
  files.set("index.html", page(site, { styleName, start, ahead: outputs[start].imports }));
  return { files, outputs, start, styleName };
}

async function scripts(entry) {
  const options = { ...inBrowser, splitting: true, entryPoints: [entry, WORKER] };
  const { outputFiles, metafile } = await build({ ...options, plugins: [lean, await layers(entry, WORKER, options)] });
  const nameOf = (path) => (metafile.outputs[path].entryPoint === WORKER ? "worker.js" : path.split("/").pop());
  const outputs = {};
  for (const [path, { entryPoint, imports, inputs }] of Object.entries(metafile.outputs)) {
    const named = imports.map(({ path, kind }) => ({ name: nameOf(path), kind }));
    outputs[nameOf(path)] = { entryPoint, imports: named, inputs };
  }
  const files = new Map();
  for (const { path, text } of outputFiles) files.set(nameOf(relative(".", path)), await smaller(text));
  const start = withoutStub(entry, outputs, files);
  if (outputs["worker.js"].imports.some(({ name }) => name === start)) {
    throw new Error("the worker would start the page: something it uses is imported by the entry");
  }
  return { files, outputs, start };
}

/**
 * What esbuild leaves to be saved: about three parts in a hundred. No script here asks for a property for
 * what asking does, nor calls `new` on a method.
 */
async function smaller(script) {
  const { code } = await minify(script, { module: true, ecma: 2020, compress: { passes: 3, unsafe_methods: true, pure_getters: true } });
  return Buffer.from(code);
}

/**
 * The pages share the whole of what the entry holds, so esbuild leaves nothing in the entry's own file
 * but the import of that share. The page starts with the share itself: one request less.
 */
function withoutStub(entry, outputs, files) {
  const [stub, { imports, inputs }] = Object.entries(outputs).find(([, one]) => one.entryPoint === entry);
  const [share, ...others] = imports.filter(({ kind }) => kind === "import-statement");
  const isStub = Object.values(inputs).every(({ bytesInOutput }) => bytesInOutput === 0);
  if (!isStub || share === undefined || others.length > 0) return stub;
  files.delete(stub);
  delete outputs[stub];
  return share.name;
}

/** Compiled once for both sites: it is most of the build's time. */
const sheets = new Map();

function styles(site) {
  const wanted = site === "staff" ? ["main", "desk", "people"] : ["main"];
  for (const sheet of wanted.filter((sheet) => !sheets.has(sheet))) {
    const options = { loadPaths: ["node_modules"], quietDeps: true };
    sheets.set(sheet, compile(`src/style/${sheet}.scss`, options).css);
  }
  const css = wanted.map((sheet) => sheets.get(sheet)).join("\n");
  return Buffer.from(transformSync(css, { loader: "css", minify: true, target: TARGET }).code);
}

function page(site, { styleName, start, ahead }) {
  const preloads = ahead
    .filter(({ kind }) => kind === "import-statement")
    .map(({ name }) => `<link rel="modulepreload" href="/${name}">`);
  const head = [
    `<link rel="stylesheet" href="/${styleName}">`,
    ...preloads,
    `<script type="module" src="/${start}"></script>`,
  ];
  const template = readFileSync(`public/${site}.html`, "utf8");
  if (!template.includes("<!-- files -->")) throw new Error(`public/${site}.html has no place for its files`);
  return Buffer.from(template.replace("<!-- files -->", head.join("\n    ")));
}

function hashOf(bytes) {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 8);
}
