// The whole build: `node build.js test | vectors | size`.
//
// esbuild bundles TypeScript to ES modules under build/ (never committed); node runs the tests.
// `src/seal/words.ts` reads the word list from crates/seal, so both implementations share one copy.

import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const common = {
  bundle: true,
  format: "esm",
  target: "es2022",
  loader: { ".txt": "text" },
  alias: { "@noble/curves/nist.js": "./src/seal/no_nist.ts" },
  logLevel: "warning",
};

/** Bundles entry points for node with the very packages a browser gets. */
async function bundleForNode(entryPoints) {
  rmSync("build/node", { recursive: true, force: true });
  await build({
    ...common,
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
  async test() {
    const files = readdirSync("test").filter((name) => name.endsWith(".test.ts"));
    node("--test", ...(await bundleForNode(files.map((name) => `test/${name}`))));
  },

  async vectors() {
    node(...(await bundleForNode(["test/write_vectors.ts"])));
  },

  /** What a browser downloads before it can seal or open a letter. */
  async size() {
    for (const entry of ["src/seal/index.ts", "src/seal/words.ts"]) {
      const { outputFiles } = await build({ ...common, entryPoints: [entry], minify: true, write: false });
      const bytes = outputFiles[0].contents;
      console.log(`${entry}: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} bytes gzip`);
    }
  },
};

const task = tasks[process.argv[2]];
if (task === undefined) {
  console.error(`usage: node build.js ${Object.keys(tasks).join(" | ")}`);
  process.exit(2);
}
await task();
