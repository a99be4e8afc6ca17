// Keeps the number of chunks small. esbuild puts modules into one chunk when exactly the same entries
// reach them, and every page is an entry: thirty pages that share parts in different ways would
// become dozens of chunks of a few hundred bytes. So each page reaches whole layers:
//
//   start     what the site's entry holds, which a page always finds loaded;
//   sealing   the protocol, which pages share with the worker;
//   acts      what else of keys and acts two or more pages share;
//   shared    whatever else two or more pages share.
//
// A page is given imports of a layer's modules without using anything of them, which adds no code.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

const ACTS = /^src\/(seal|acts)\/|^src\/keys\.ts$/;
const WORDS = /src\/words\/.+\.json$/;

/** The plugin for a second build, after a first one to see who reaches what. */
export async function layers(entry, worker, options) {
  const { inputs } = (await build(options)).metafile;
  const start = reach(inputs, entry);
  const worked = reach(inputs, worker);
  worked.delete(worker);
  const pages = new Map();
  for (const { imports } of Object.values(inputs)) {
    for (const { path, kind } of imports) {
      const isPage = kind === "dynamic-import" && /\.tsx?$/.test(path) && !worked.has(path);
      if (isPage) pages.set(path, reach(inputs, path));
    }
  }
  const readers = new Map();
  for (const reached of pages.values()) {
    for (const path of reached) readers.set(path, (readers.get(path) ?? 0) + 1);
  }
  // Packages come along with the modules of ours that use them.
  const ours = [...new Set([...readers.keys(), ...worked])].filter((path) => path.startsWith("src/")).sort();
  const often = ours.filter((path) => !start.has(path) && !worked.has(path) && readers.get(path) > 1);
  return plugin(pages, {
    start: [entry],
    sealing: ours.filter((path) => worked.has(path)),
    acts: often.filter((path) => ACTS.test(path)),
    shared: often.filter((path) => !ACTS.test(path)),
  });
}

/** Everything that arrives together with a module. */
function reach(inputs, from, reached = new Set()) {
  if (reached.has(from)) return reached;
  reached.add(from);
  for (const { path, kind } of inputs[from]?.imports ?? []) {
    if (kind === "import-statement") reach(inputs, path, reached);
  }
  return reached;
}

function plugin(pages, members) {
  const importsOf = new Map();
  for (const [page, reached] of pages) {
    const wanted = Object.values(members).filter((paths) => paths.some((path) => reached.has(path)));
    const paths = [...new Set([...members.start, ...wanted.flat()])].filter((path) => path !== page);
    importsOf.set(resolve(page), paths.map((path) => `import ${JSON.stringify(resolve(path))};`).join(" "));
  }
  return {
    name: "layers",
    setup({ onLoad }) {
      // As a script of one value: esbuild's own loader would bring a helper along.
      onLoad({ filter: WORDS }, ({ path }) => ({ contents: `export default ${readFileSync(path, "utf8")}` }));
      onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
        const imports = importsOf.get(path);
        if (imports === undefined) return undefined;
        return { contents: `${readFileSync(path, "utf8")}\n${imports}\n`, loader: path.endsWith("x") ? "tsx" : "ts" };
      });
    },
  };
}
