import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

// The pages can be built by anybody, anywhere, to the same bytes: that is what makes a published
// list of hashes worth something.

const SITES = ["family", "staff"];
const WORDS = "crates/seal/src/words.txt";
/** In `web/`, and no source of the pages. */
const BESIDE = ["node_modules", "build", "test"];

/** The sources alone in a folder of their own, built there. */
function buildIn(folder: string): string {
  const web = join(folder, "web");
  mkdirSync(web, { recursive: true });
  for (const name of readdirSync(".").filter((name) => !BESIDE.includes(name))) {
    cpSync(name, join(web, name), { recursive: true });
  }
  cpSync(join("..", WORDS), join(folder, WORDS));
  // Hard links, so that a copy costs nothing.
  assert.equal(spawnSync("cp", ["-al", "node_modules", web]).status, 0);
  const { status, stderr } = spawnSync(process.execPath, ["build.js", "build"], { cwd: web, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return join(web, "build");
}

test("two builds in two folders make the same bytes, and the lists name every file", () => {
  mkdirSync("build", { recursive: true });
  const scratch = mkdtempSync("build/twice-");
  try {
    const [one, other] = ["one", "another/and/deeper"].map((name) => buildIn(join(scratch, name))) as [string, string];
    for (const site of SITES) {
      const list = readFileSync(join(one, `${site}.sha256`), "utf8");
      assert.equal(list, readFileSync(join(other, `${site}.sha256`), "utf8"));
      for (const folder of [one, other]) {
        const found = readdirSync(join(folder, site)).map((name) => {
          const bytes = readFileSync(join(folder, site, name));
          return `${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`;
        });
        assert.deepEqual(found.sort(), list.split(/(?<=\n)/).sort());
      }
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
});
