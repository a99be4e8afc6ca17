// Leaves out of two packages what this protocol refuses anyway (`isRecipient` in src/seal/file.ts): age's
// recipients for hardware tags, noble's hybrids other than the one of age, and with them the NIST curves,
// 18 kB gzipped that could never run. Nothing is changed but which of their parts are asked for.

import { readFileSync } from "node:fs";

const CHANGES = [
  {
    file: /age-encryption\/dist\/index\.js$/,
    from: 'import { TagRecipient, HybridTagRecipient } from "./recipients.js";',
    // `isRecipient` lets no such recipient come this far.
    to: "const TagRecipient = null, HybridTagRecipient = null;",
  },
  // Made while the module loads, for whoever may ask: said to have no effect, they go when nobody does.
  {
    file: /@noble\/post-quantum\/hybrid\.js$/,
    from: /(?<=^(?:export )?const \w+ = )(?=\w+\()|(?<=^export const QSF.+, )(?=ecdhKem\()/gm,
    to: "/* @__PURE__ */ ",
  },
];

export const lean = {
  name: "lean",
  setup({ onLoad }) {
    for (const { file, from, to } of CHANGES) {
      onLoad({ filter: file }, ({ path }) => {
        const before = readFileSync(path, "utf8");
        const contents = before.replace(from, to);
        if (contents === before) throw new Error(`${path} is no longer what lean.js was written for`);
        return { contents };
      });
    }
  },
};
