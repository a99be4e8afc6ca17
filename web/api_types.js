// Writes src/api_types.ts from the API's own document: `node api_types.js [--check]`.
//
// Every schema becomes one type of the same name. With `--check` nothing is written, and the exit
// status says whether the file still says what the document says.

import { readFileSync, writeFileSync } from "node:fs";

const DOCUMENT = "../crates/mediation/openapi.json";
const FILE = "src/api_types.ts";

const isPlainName = (name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);

/** A type in TypeScript for one schema; `in` is how far the line is indented. */
function typeOf(schema, inside = "") {
  if (schema.$ref !== undefined) return schema.$ref.split("/").pop();
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.oneOf !== undefined) return union(schema.oneOf.map((each) => typeOf(each, inside)));
  if (schema.allOf !== undefined) return schema.allOf.map((each) => typeOf(each, inside)).join(" & ");
  if (Array.isArray(schema.type)) {
    return union(schema.type.map((type) => typeOf({ ...schema, type }, inside)));
  }
  switch (schema.type) {
    case "array": {
      const item = typeOf(schema.items, inside);
      return `readonly ${item.includes(" ") ? `(${item})` : item}[]`;
    }
    case "integer":
    case "number":
      return "number";
    case "boolean":
    case "string":
    case "null":
      return schema.type;
    default:
      return objectOf(schema, inside);
  }
}

/** `null` comes last, however the document orders it. */
function union(types) {
  const nothing = types.filter((type) => type === "null");
  return [...types.filter((type) => type !== "null"), ...nothing].join(" | ");
}

function objectOf({ properties, required = [], additionalProperties }, inside) {
  if (properties === undefined) {
    const value = typeof additionalProperties === "object" ? typeOf(additionalProperties, inside) : "unknown";
    return `Readonly<Record<string, ${value}>>`;
  }
  const deeper = `${inside}  `;
  const fields = Object.entries(properties).flatMap(([name, schema]) => {
    const key = isPlainName(name) ? name : JSON.stringify(name);
    const mark = required.includes(name) ? "" : "?";
    return [...comment(schema, deeper), `${deeper}readonly ${key}${mark}: ${typeOf(schema, deeper)};`];
  });
  return `{\n${fields.join("\n")}\n${inside}}`;
}

function comment({ description }, inside) {
  if (description === undefined) return [];
  const lines = description.trim().split("\n");
  if (lines.length === 1) return [`${inside}/** ${lines[0]} */`];
  return [`${inside}/**`, ...lines.map((line) => `${inside} * ${line}`.trimEnd()), `${inside} */`];
}

const { components } = JSON.parse(readFileSync(DOCUMENT, "utf8"));
const types = Object.entries(components.schemas).map(([name, schema]) =>
  [...comment(schema, ""), `export type ${name} = ${typeOf(schema)};`].join("\n"),
);
const text = `// Written by api_types.js from crates/mediation/openapi.json. Never by hand.\n\n${types.join("\n\n")}\n`;

if (process.argv[2] !== "--check") {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, "utf8") !== text) {
  console.error(`${FILE} is not what ${DOCUMENT} says: run \`node api_types.js\``);
  process.exit(1);
}
