import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { base64, concat, pad, text, unbase64, utf8 } from "../src/seal/bytes.ts";
import { originOf, readCheckpoint, signCheckpoint } from "../src/seal/checkpoint.ts";
import { type Envelope, parseEnvelope, readEnvelope } from "../src/seal/envelope.ts";
import { requireStanzas, type StanzaKind } from "../src/seal/file.ts";
import { normaliseCode } from "../src/seal/invite.ts";
import { SigningKey } from "../src/seal/key.ts";
import { readLetter, requireStrictPart } from "../src/seal/letter.ts";
import { Refusal } from "../src/seal/refusal.ts";

// The twins of crates/seal/src/testing/hostile.rs, held to the same corpora. A target says whether
// it accepted the bytes, and fails where a parser broke its promise: a refusal is a `Refusal`, and
// what is accepted comes out again byte for byte.

const realm = "ab".repeat(32);
const log = new SigningKey(new Uint8Array(32).fill(7));

/** Whether a parser accepts: anything thrown but a refusal is a defect. */
function accepts(read: () => void): boolean {
  try {
    read();
    return true;
  } catch (thrown) {
    assert.ok(thrown instanceof Refusal, `not a refusal: ${String(thrown)}`);
    return false;
  }
}

/** The log's own signature line under any body, though it be no checkpoint. */
function signatureLine(body: string): string {
  const line = signCheckpoint(originOf(realm), { size: 0, root: "00".repeat(32) }, log).split("\n").at(-2) as string;
  const at = line.lastIndexOf(" ") + 1;
  const keyId = unbase64(line.slice(at)).subarray(0, 4);
  return `${line.slice(0, at)}${base64(concat(keyId, log.sign(utf8(body))))}\n`;
}

const targets: Record<string, (bytes: Uint8Array) => boolean> = {
  envelope: (bytes) =>
    accepts(() => {
      const json = text(bytes);
      const { statement } = parseEnvelope(json);
      const envelope = JSON.parse(json) as Envelope;
      assert.equal(readEnvelope(envelope).statement.id, statement.id);
      assert.equal(JSON.stringify(envelope), json);
      assert.equal(base64(unbase64(envelope.payload)), envelope.payload);
    }),

  age_header: (bytes) => {
    const kinds: StanzaKind[] = ["x25519", "hybrid", "words"];
    const fit = kinds.filter((kind) => accepts(() => requireStanzas(bytes, kind, 1, kind === "hybrid" ? 64 : 1)));
    assert.ok(fit.length <= 1, "one kind of recipient");
    return fit.length === 1;
  },

  letter: (bytes) => {
    const bucket = [16, 256, 1024, 4096, 16384].map((kibibytes) => kibibytes * 1024).find((size) => bytes.length <= size);
    const read = (size: number) =>
      accepts(() => {
        const { context, parts } = readLetter(pad(bytes, size));
        parts.forEach(requireStrictPart);
        assert.equal(readJsonLine(bytes).startsWith(JSON.stringify(context).slice(0, -1)), true);
      });
    if (bucket === undefined || !read(bucket)) return false;
    assert.equal(read(bucket * 2), false, "only the smallest bucket");
    return true;
  },

  checkpoint: (bytes) =>
    accepts(() => {
      const note = text(bytes);
      const origin = originOf(realm);
      assert.equal(accepts(() => readCheckpoint(note, origin, log.public)), false, "nobody signed it");
      const end = note.indexOf("\n\n");
      const body = note.slice(0, end + 1);
      const checkpoint = readCheckpoint(end < 0 ? note : note + signatureLine(body), origin, log.public);
      assert.ok(signCheckpoint(origin, checkpoint, log).startsWith(`${body}\n`), "one spelling");
    }),

  invitation_code: (bytes) =>
    accepts(() => {
      const code = normaliseCode(text(bytes));
      assert.equal(normaliseCode(code.replace(/(.{4})(?=.)/g, "$1-")), code);
    }),
};

function readJsonLine(bytes: Uint8Array): string {
  return text(bytes.subarray(0, bytes.indexOf(0x0a)));
}

function corpus(target: string): { name: string; bytes: Uint8Array }[] {
  const folder = `../tests/fuzz/corpus/${target}`;
  return readdirSync(folder).map((name) => ({ name, bytes: new Uint8Array(readFileSync(`${folder}/${name}`)) }));
}

for (const [name, target] of Object.entries(targets)) {
  const files = corpus(name);

  test(`every file of the ${name} corpus is read or refused as its name says, as in Rust`, () => {
    assert.ok(files.length > 0);
    for (const file of files) assert.equal(target(file.bytes), file.name.startsWith("read-"), file.name);
  });

  test(`nothing that is done to the ${name} corpus, and no bytes at all, break a promise`, () => {
    const damaged = fc
      .tuple(fc.constantFrom(...files), fc.constantFrom(...files), fc.nat(), fc.nat(64), fc.uint8Array({ maxLength: 12 }))
      .map(([of, other, place, length, inserted]) => {
        const at = place % (of.bytes.length + 1);
        const piece = length % 2 === 0 ? inserted : other.bytes.subarray(at, at + length);
        return concat(of.bytes.subarray(0, at), piece, of.bytes.subarray(at + (length % 16)));
      });
    const bytes = fc.oneof({ weight: 9, arbitrary: damaged }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) });
    fc.assert(fc.property(bytes, (damaged) => void target(damaged)), { numRuns: 1000, seed: 1 });
  });
}
