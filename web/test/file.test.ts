import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { Encrypter } from "age-encryption";
import { sha256 } from "@noble/hashes/sha2.js";
import { hex, utf8 } from "../src/seal/bytes.ts";
import { open, openWords, requireStanzas, seal, sealWords, type StanzaKind } from "../src/seal/file.ts";
import { pair, refusal, vectorFile, vectorNames } from "./fixtures.ts";

/** A test file of the age project: a header of its own, a blank line, and the age file. */
function readKit(name: string) {
  const bytes = vectorFile(`age/${name}`);
  const end = bytes.indexOf("\n\n");
  const head = bytes.subarray(0, end).toString().split("\n");
  const field = (key: string) => head.find((line) => line.startsWith(`${key}: `))?.slice(key.length + 2);
  const file = bytes.subarray(end + 2);
  return { field, file: new Uint8Array(field("compressed") === "zlib" ? inflateSync(file) : file) };
}

/** Vectors of the age project that succeed there and that our one-stanza rule refuses. */
const OTHERWISE_FINE = new Set([
  "hybrid_and_x25519",
  "hybrid_grease",
  "hybrid_multiple_recipients",
  "scrypt", // work factor 2^10; ours is always 2^15
  "stanza_empty_body",
  "stanza_empty_last_line",
  "stanza_valid_characters",
  "x25519_grease",
  "x25519_multiple_recipients",
]);

test("the age project's vectors open, but for those with other stanzas than one of ours", async (t) => {
  let opened = 0;
  for (const name of vectorNames("age").filter((name) => !name.includes("."))) {
    const { field, file } = readKit(name);
    const identity = field("identity") ?? "";
    const passphrase = field("passphrase");
    const result = await (
      passphrase === undefined
        ? open(file, identity.startsWith("AGE-SECRET-KEY-PQ-1") ? "hybrid" : "x25519", identity)
        : openWords(file, passphrase)
    ).catch((error: unknown) => error);
    if (field("expect") === "success" && !OTHERWISE_FINE.has(name)) {
      assert.ok(result instanceof Uint8Array, name);
      assert.equal(hex(sha256(result)), field("payload"), name);
      opened += 1;
    } else {
      assert.equal((result as Error).name, "Refusal", name);
    }
  }
  t.diagnostic(`${opened} opened`);
  assert.ok(opened >= 9);
});

test("two stanzas, grease and a mix of kinds are refused before any key is tried", async () => {
  const [one, two, pq] = [await pair("x25519"), await pair("x25519"), await pair("hybrid")];
  const sealedTo = async (...recipients: string[]) => {
    const encrypter = new Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(recipient);
    return encrypter.encrypt(utf8("letter"));
  };
  const greased = async () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(one.recipient);
    encrypter.addRecipient({ wrapFileKey: () => [{ args: ["x-grease", "1"], body: new Uint8Array(7) }] });
    return encrypter.encrypt(utf8("letter"));
  };
  const wrong: [Uint8Array, StanzaKind][] = [
    [await sealedTo(one.recipient, two.recipient), "x25519"],
    [await sealedTo(one.recipient, one.recipient), "x25519"],
    [await sealedTo(pq.recipient, one.recipient), "hybrid"],
    [await sealedTo(one.recipient, pq.recipient), "x25519"],
    [await sealedTo(pq.recipient), "x25519"],
    [await sealedTo(one.recipient), "hybrid"],
    [await greased(), "x25519"],
    [new Uint8Array(), "x25519"],
  ];
  for (const [file, kind] of wrong) assert.throws(() => requireStanzas(file, kind), refusal("bad-stanzas"));
  requireStanzas(await sealedTo(one.recipient), "x25519");
});

test("a document takes one to sixty-four stanzas, all hybrid", async () => {
  const { recipient, identity } = await pair("hybrid");
  const classic = await pair("x25519");
  const full = await seal(utf8("plan"), "hybrid", ...Array<string>(64).fill(recipient));
  assert.deepEqual(await open(full, "hybrid", identity, 64), utf8("plan"));
  const over = await seal(utf8("plan"), "hybrid", ...Array<string>(65).fill(recipient));
  assert.throws(() => requireStanzas(over, "hybrid", 1, 64), refusal("bad-stanzas"));
  await assert.rejects(seal(utf8("plan"), "hybrid", recipient, classic.recipient), refusal("bad-recipient"));
  await assert.rejects(seal(utf8("plan"), "hybrid"), refusal("bad-recipient"));
});

test("no byte of a sealed file can change", async () => {
  for (const kind of ["x25519", "hybrid"] as const) {
    const { recipient, identity } = await pair(kind);
    const file = await seal(utf8("dear all"), kind, recipient);
    // Every byte of a short file, every seventh of a long one.
    for (let at = 0; at < file.length; at += kind === "hybrid" ? 7 : 1) {
      const altered = file.slice();
      altered[at] = (altered[at] as number) ^ (1 << (at % 8));
      await assert.rejects(open(altered, kind, identity), { name: "Refusal" }, `${kind} byte ${at}`);
    }
    await assert.rejects(open(file.slice(0, -1), kind, identity), { name: "Refusal" });
  }
});

test("a file sealed under words opens with them alone, and at 2^15 alone", async () => {
  const file = await sealWords(utf8("K"), "abacus.00");
  assert.deepEqual(await openWords(file, "abacus.00"), utf8("K"));
  await assert.rejects(openWords(file, "abacus.01"), refusal("cannot-open"));
  const encrypter = new Encrypter();
  encrypter.setPassphrase("abacus.00");
  encrypter.setScryptWorkFactor(10);
  await assert.rejects(openWords(await encrypter.encrypt(utf8("K")), "abacus.00"), refusal("bad-stanzas"));
});
