import assert from "node:assert/strict";
import { test } from "node:test";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { hex, random, utf8 } from "../src/seal/bytes.ts";
import { newBundle, openBundle, sealBundle } from "../src/seal/bundle.ts";
import { openContact, sealContact } from "../src/seal/contact.ts";
import { openDocument, sealDocument } from "../src/seal/document.ts";
import { openDraft, sealDraft } from "../src/seal/draft.ts";
import { openEpoch, sealEpoch } from "../src/seal/epoch.ts";
import { seal } from "../src/seal/file.ts";
import { ask } from "../src/seal/gate.ts";
import { enrolDigits, generateCode, inviteKeys, normaliseCode } from "../src/seal/invite.ts";
import { SigningKey, VerifyingKey } from "../src/seal/key.ts";
import { challengeBytes, proofKey } from "../src/seal/proof.ts";
import { sealBox } from "../src/seal/secretbox.ts";
import { openRoot, realmOf, sealRoot } from "../src/seal/root.ts";
import { generateWords, WORDS } from "../src/seal/words.ts";
import { normaliseWords, openWrap, sealWrap } from "../src/seal/wrap.ts";
import { pair, refusal } from "./fixtures.ts";

const account = "a".repeat(32);
const realm = "b".repeat(64);
const subject = "c".repeat(32);

test("a bundle opens for its own account and version alone", async () => {
  const key = random(32);
  const bundle = { ...newBundle(account), version: 7 };
  const sealed = await sealBundle(key, bundle);
  assert.deepEqual(await openBundle(key, account, 7, sealed), bundle);
  await assert.rejects(openBundle(key, account, 8, sealed), refusal("cannot-open"));
  await assert.rejects(openBundle(key, "0".repeat(32), 7, sealed), refusal("cannot-open"));
  await assert.rejects(openBundle(random(32), account, 7, sealed), refusal("cannot-open"));
  for (let at = 0; at < sealed.length; at++) {
    const altered = sealed.map((byte, i) => (i === at ? byte ^ 1 : byte));
    await assert.rejects(openBundle(key, account, 7, altered), refusal("cannot-open"));
  }
  await assert.rejects(openBundle(key, account, 7, new Uint8Array(27)), refusal("cannot-open"));
});

test("a bundle that is not one is neither sealed nor opened", async () => {
  const key = random(32);
  const wrong = { ...newBundle(account), root: "00" };
  await assert.rejects(sealBundle(key, wrong), refusal("bad-bundle"));
  const bound = utf8(`postern-bundle/1\n${account}\n1`);
  for (const json of [
    "{}",
    JSON.stringify(wrong),
    JSON.stringify({ ...newBundle(account), version: 2 }),
    "null",
  ]) {
    await assert.rejects(
      openBundle(key, account, 1, await sealBox(key, utf8(json), bound)),
      refusal("bad-bundle"),
    );
  }
});

test("a draft opens for its own letter alone", async () => {
  const key = random(32);
  const sealed = await sealDraft(key, subject, utf8("Dear"));
  assert.deepEqual(await openDraft(key, subject, sealed), utf8("Dear"));
  await assert.rejects(openDraft(key, account, sealed), refusal("cannot-open"));
});

test("words open a wrap however they are typed, and only with the gate's answer", async () => {
  const gateKey = ristretto255_oprf.oprf.generateKeyPair().secretKey;
  const through = (words: string) => {
    const request = ask(words);
    return request.finish(ristretto255_oprf.oprf.blindEvaluate(gateKey, request.blinded));
  };
  const key = random(32);
  const words = normaliseWords("Abacus  abdomen-ABDOMINAL, abide");
  assert.equal(words, "abacusabdomenabdominalabide");
  const sealed = await sealWrap(key, words, through(words));
  assert.deepEqual(await openWrap(sealed, words, through(words)), key);
  await assert.rejects(openWrap(sealed, words, new Uint8Array(64)), refusal("cannot-open"));
  await assert.rejects(openWrap(sealed, "abacus", through("abacus")), refusal("cannot-open"));
  await assert.rejects(async () => openWrap(sealed, "Abacus", through(words)), refusal("bad-words"));
});

test("a gate's answer that is no point, or the identity, is refused", () => {
  for (const answer of [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(31)]) {
    assert.throws(() => ask("abacus").finish(answer), refusal("bad-gate-answer"));
  }
});

test("words are drawn from the whole list, which has no hyphens and no prefix pairs", () => {
  assert.equal(WORDS.length, 7772);
  assert.ok(WORDS.every((word) => /^[a-z]{3,}$/.test(word)));
  const sorted = [...WORDS].sort();
  // Concatenated words stay unambiguous because none begins another.
  assert.ok(sorted.every((word, i) => !sorted[i + 1]?.startsWith(word)));
  const words = generateWords(6);
  assert.equal(words.length, 6);
  assert.ok(words.every((word) => WORDS.includes(word)));
});

test("a code is read as it is heard", async () => {
  assert.equal(normaliseCode("abcd-efgh-0oil"), "ABCDEFGH0011");
  assert.match(generateCode(), /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  for (const wrong of ["", "ABCD-EFGH-000", "ABCD-EFGH-0000-0", "ABCD-EFGH-000U", "ABCD-EFGH-000é", "ABCD-EFGH-000ı"]) {
    assert.throws(() => normaliseCode(wrong), refusal("bad-code"), wrong);
  }
  const [one, same] = [await inviteKeys("ABCD-EFGH-JK01"), await inviteKeys("abcdefghjko1")];
  assert.equal(one.locator, same.locator);
  assert.equal(one.sign.public, same.sign.public);
  const root = SigningKey.generate().public;
  assert.equal(one.rootTag(root), same.rootTag(root));
  assert.notEqual(one.rootTag(root), one.rootTag(SigningKey.generate().public));
});

test("the digits a person reads out come from the hash of the enrol id and keep their zeros", () => {
  // SHA-256 of 32 zero bytes begins 66687aadf862bd77.
  assert.equal(enrolDigits("0".repeat(64)), String(0x66687aadf862bd77n % 100_000_000n).padStart(8, "0"));
  for (let i = 0; i < 100; i++) assert.match(enrolDigits(hex(random(32))), /^[0-9]{8}$/);
});

test("a challenge is answered by keys that K alone gives", () => {
  const key = random(32);
  const challenge = hex(random(32));
  const signature = proofKey(key, account).sign(challengeBytes(account, challenge));
  const registered = VerifyingKey.fromHex(proofKey(key, account).public);
  assert.ok(registered.verifies(challengeBytes(account, challenge), signature));
  assert.ok(!registered.verifies(challengeBytes(subject, challenge), signature));
  assert.notEqual(proofKey(key, subject).public, proofKey(key, account).public);
});

test("the root opens with both custodians' words in their order", async () => {
  const root = SigningKey.generate();
  const sealed = await sealRoot(root, "abacus abdomen", "Abide");
  const opened = await openRoot(sealed, "ABACUS abdomen", "abide");
  assert.equal(opened.public, root.public);
  assert.equal(realmOf(root.public), realmOf(opened.public));
  await assert.rejects(openRoot(sealed, "abide", "abacus abdomen"), refusal("cannot-open"));
  await assert.rejects(async () => openRoot(sealed, "", "abacus"), refusal("bad-words"));
});

test("a document opens as itself, for each of its recipients", async () => {
  const [one, two] = [await pair("hybrid"), await pair("hybrid")];
  const head = { realm, kind: "plan", subject, n: 2 } as const;
  const sealed = await sealDocument(head, '{"sides":["Ŵyn"]}', [one.recipient, two.recipient]);
  for (const { identity } of [one, two])
    assert.equal(await openDocument(sealed, identity, head), '{"sides":["Ŵyn"]}');
  for (const other of [
    { realm: "0".repeat(64) },
    { kind: "notes" },
    { subject: account },
    { n: 1 },
  ] as const) {
    await assert.rejects(
      openDocument(sealed, one.identity, { ...head, ...other }),
      refusal("other-document"),
    );
  }
  const line = `postern-document/1\n${JSON.stringify(head)}\n`;
  const planted = async (length: number, rest: string) => {
    const prefix = new Uint8Array(4);
    new DataView(prefix.buffer).setUint32(0, length);
    const plaintext = new Uint8Array(4096);
    plaintext.set([...utf8(line), ...prefix, ...utf8(rest)]);
    return seal(plaintext, "hybrid", one.recipient);
  };
  assert.equal(await openDocument(await planted(2, "{}"), one.identity, head), "{}");
  await assert.rejects(openDocument(await planted(2, "{} "), one.identity, head), refusal("bad-padding"));
  await assert.rejects(openDocument(await planted(4096, "{}"), one.identity, head), refusal("bad-padding"));
});

test("an epoch's secret is taken only if it is the review key's", async () => {
  const [staff, review, other] = [await pair("hybrid"), await pair("hybrid"), await pair("hybrid")];
  const where = { realm, team: subject, n: 3, reviewKey: review.recipient };
  const wrap = await sealEpoch(where, review.identity, staff.recipient);
  assert.equal(await openEpoch(wrap, staff.identity, where), review.identity);
  await assert.rejects(
    openEpoch(wrap, staff.identity, { ...where, reviewKey: other.recipient }),
    refusal("other-key"),
  );
  await assert.rejects(openEpoch(wrap, staff.identity, { ...where, n: 4 }), refusal("other-epoch"));
  await assert.rejects(openEpoch(wrap, staff.identity, { ...where, team: account }), refusal("other-epoch"));
  await assert.rejects(sealEpoch(where, other.identity, staff.recipient), refusal("other-key"));
});

test("every contact point has one length and opens to what was sealed", async () => {
  const notifier = await pair("x25519");
  const contact = {
    realm,
    membership: subject,
    n: 1,
    channel: "email",
    address: "sam@example.org",
    lang: "cy",
    avoid: [],
  } as const;
  const sealed = await sealContact(contact, notifier.recipient);
  const longer = await sealContact({ ...contact, address: "a".repeat(600) }, notifier.recipient);
  assert.equal(sealed.length, longer.length);
  assert.deepEqual(await openContact(sealed, notifier.identity), contact);
  await assert.rejects(
    sealContact({ ...contact, address: "é".repeat(600) }, notifier.recipient),
    refusal("too-long"),
  );
});
