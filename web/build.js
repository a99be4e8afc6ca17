// The whole build: `node build.js build | size | test | vectors`.
//
// esbuild bundles TypeScript to ES modules under build/ (never committed); node runs the tests.
// `src/seal/words.ts` reads the word list from crates/seal, so both implementations share one copy.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { measure } from "./budget.js";
import { buildSite, common, SITES } from "./site.js";

/** Bundles entry points for node with the very packages a browser gets. */
async function bundleForNode(entryPoints) {
  rmSync("build/node", { recursive: true, force: true });
  await build({
    ...common,
    target: "es2022",
    entryPoints,
    outdir: "build/node",
    platform: "node",
    external: ["fast-check"],
    sourcemap: "inline",
  });
  return entryPoints.map((path) => `build/node/${path.split("/").pop().replace(/\.ts$/, ".js")}`);
}

function node(...args) {
  const { status } = spawnSync(process.execPath, ["--enable-source-maps", ...args], { stdio: "inherit" });
  process.exitCode = status ?? 1;
}

const tasks = {
  /**
   * Both sites, each file also compressed: the server sends what is there. Beside each site the list of
   * its files, `HASH  NAME` as sha256sum writes it: kept and published by whoever deploys, and what
   * `postern doctor --client` holds a running site to.
   */
  async build() {
    for (const site of SITES) {
      const { files } = await buildSite(site);
      const folder = `build/${site}`;
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      const list = [];
      const put = (name, bytes) => {
        writeFileSync(`${folder}/${name}`, bytes);
        list.push(`${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`);
      };
      for (const [name, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
        put(name, bytes);
        put(`${name}.gz`, gzipSync(bytes, { level: 9 }));
        put(`${name}.br`, brotliCompressSync(bytes));
      }
      writeFileSync(`${folder}.sha256`, list.join(""));
      console.log(`${folder}: ${files.size} files`);
    }
  },

  async size() {
    if (!(await measure())) process.exitCode = 1;
  },

  async test() {
    const files = readdirSync("test").filter((name) => name.endsWith(".test.ts"));
    node("--test", ...(await bundleForNode(files.map((name) => `test/${name}`))));
  },

  async vectors() {
    node(...(await bundleForNode(["test/write_vectors.ts"])));
  },
};

const task = tasks[process.argv[2]];
if (task === undefined) {
  console.error(`usage: node build.js ${Object.keys(tasks).join(" | ")}`);
  process.exit(2);
}
await task().catch((error) => {
  // esbuild has said what is wrong with the source, and where.
  if (!Array.isArray(error.errors)) throw error;
  process.exitCode = 1;
});
