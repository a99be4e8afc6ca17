import assert from "node:assert/strict";
import { test } from "node:test";
import { Encrypter } from "age-encryption";
import { type Bytes, concat, hash, pad, utf8 } from "../src/seal/bytes.ts";
import { type Envelope, idOf, readEnvelope } from "../src/seal/envelope.ts";
import { sealGrant } from "../src/seal/grant.ts";
import type { Proof } from "../src/seal/ledger.ts";
import { generate, recipientOf, seal } from "../src/seal/file.ts";
import { type Context, keyHashOf, type Part } from "../src/seal/letter.ts";
import { type Check, openDelivered, openForCheck, openOwn, type Reader } from "../src/seal/open.ts";
import { type Body, references } from "../src/seal/statement.ts";
import { pair } from "./fixtures.ts";
import { passOn, readerOf, type RealLetter, said, writeLetter } from "./letterbox.ts";
import { hashFor, hybridIdentity, idFor, sealKey, settled, type World } from "./world.ts";

const failing = (check: Check, code?: string) => ({
  name: "CheckFailed",
  check,
  ...(code === undefined ? {} : { code }),
});

/** One delivered letter, on which every lie is tried. */
async function delivered(
  ...bystanders: string[]
): Promise<{ world: World; letter: RealLetter; grant: Bytes; ben: Reader }> {
  const world = await settled(1, ...bystanders);
  const letter = await writeLetter(world, "letter", "Dear Ben");
  const grant = await passOn(world, "letter", letter);
  return { world, letter, grant, ben: readerOf(world, "ben") };
}

/** A letter in the smallest bucket, whatever is in it. */
async function sealedAnyhow(context: Context, { type, bytes }: Part) {
  const head = { ...context, parts: [{ type, len: bytes.length, hash: hash(bytes) }] };
  const plaintext = concat(utf8(`${JSON.stringify(head)}\n`), bytes);
  const identity = await generate("x25519");
  const file = await seal(pad(plaintext, 16 * 1024), "x25519", await recipientOf(identity, "x25519"));
  return { file, identity };
}

test("a delivered letter opens for its reader, its writer and its checker", async () => {
  const { world, letter, grant, ben } = await delivered();
  const { submitId, ciphertext, grants } = letter;
  assert.equal(
    said((await openDelivered(ben, world.proof, submitId, { ciphertext, grant })).parts),
    "Dear Ben",
  );
  const own = await openOwn(readerOf(world, "ann"), world.proof, submitId, {
    ciphertext,
    grant: grants.self,
  });
  assert.equal(said(own.parts), "Dear Ben");
  const secret = hybridIdentity("epoch north 1");
  const checked = await openForCheck(world.realm, secret, world.proof, submitId, {
    ciphertext,
    grant: grants.epoch,
  });
  assert.equal(said(checked.parts), "Dear Ben");
});

test("check 1: a proof to another root, or without a certificate, or with mine revoked", async () => {
  const { world, letter, grant, ben } = await delivered();
  const open = (proof: Proof, reader = ben) =>
    openDelivered(reader, proof, letter.submitId, { ciphertext: letter.ciphertext, grant });
  await assert.rejects(
    open(world.proof, { ...ben, realm: "0".repeat(64) }),
    failing("certificates", "wrong-realm"),
  );
  const revoked = await delivered();
  revoked.world.add("revoke", "lead", { target_id: ben.certificate, reason: "lost" });
  await assert.rejects(open(revoked.world.proof), failing("certificates", "revoked"));
  await assert.rejects(
    open(world.proof, { ...ben, certificate: world.person("ann").certificate }),
    failing("certificates", "wrong-certificate"),
  );
});

test("check 1: what the submit and its decisions reach suffices, and all of it is needed", async () => {
  const { world, letter, grant, ben } = await delivered("bystander");
  const byId = new Map(world.envelopes.map((envelope) => [idOf(envelope), envelope]));
  const agency = idOf(world.envelopes[0] as Envelope);
  const needed = new Set([agency]);
  const reach = (id: string): void => {
    needed.add(id);
    references(readEnvelope(byId.get(id)).statement).forEach(reach);
  };
  reach(idOf(world.envelopes.at(-1) as Envelope));
  assert.ok(needed.size < world.envelopes.length, "somebody here has nothing to do with it");
  const openWith = (ids: ReadonlySet<string>) => {
    const statements = world.envelopes.filter((envelope) => ids.has(idOf(envelope)));
    return openDelivered(ben, world.proofOf(statements), letter.submitId, {
      ciphertext: letter.ciphertext,
      grant,
    });
  };
  assert.equal(said((await openWith(needed)).parts), "Dear Ben");
  for (const id of needed) {
    const without = new Set([...needed].filter((other) => other !== id));
    await assert.rejects(openWith(without), { name: "CheckFailed" }, byId.get(id)?.payloadType);
  }
});

test("check 1: no statement of a proof can change by one byte", async () => {
  const { world, letter, grant, ben } = await delivered();
  for (const [index, envelope] of world.envelopes.entries()) {
    const at = (index * 37) % envelope.payload.length;
    const other = envelope.payload[at] === "A" ? "B" : "A";
    const altered = {
      ...envelope,
      payload: envelope.payload.slice(0, at) + other + envelope.payload.slice(at + 1),
    };
    const statements = world.envelopes.map((each, i) => (i === index ? (altered as Envelope) : each));
    const lying = openDelivered(ben, { ...world.proof, statements }, letter.submitId, {
      ciphertext: letter.ciphertext,
      grant,
    });
    await assert.rejects(lying, { name: "CheckFailed" }, `statement ${index}`);
  }
});

test("check 2: a letter nobody, not enough, or the wrong persons passed on", async () => {
  const { world, letter, grant, ben } = await delivered();
  const sealed = { ciphertext: letter.ciphertext, grant };
  const undecided = world.proofOf(world.envelopes.slice(0, -1));
  await assert.rejects(
    openDelivered(ben, undecided, letter.submitId, sealed),
    failing("decision", "not-delivered"),
  );

  const two = await settled(2);
  const second = await writeLetter(two, "letter", "Dear Ben");
  two.decide("coord", "letter", "first", "deliver", 1);
  await assert.rejects(
    openDelivered(readerOf(two, "ben"), two.proof, second.submitId, sealed),
    failing("decision", "not-delivered"),
  );

  const kept = await settled();
  const third = await writeLetter(kept, "letter", "Dear Ben");
  kept.decide("coord", "letter", "first", "keep", 1);
  kept.decide("lead", "letter", "first", "keep", 2);
  await assert.rejects(
    openDelivered(readerOf(kept, "ben"), kept.proof, third.submitId, sealed),
    failing("decision", "not-delivered"),
  );

  const forged = await settled();
  const fourth = await writeLetter(forged, "letter", "Dear Ben");
  await passOn(forged, "letter", fourth, "admin");
  await assert.rejects(
    openDelivered(readerOf(forged, "ben"), forged.proof, fourth.submitId, sealed),
    failing("decision", "not-entitled"),
  );
});

test("check 2: a decision on another letter passes nothing on", async () => {
  const { world, letter, grant, ben } = await delivered();
  const other = await writeLetter(world, "other letter", "Dear Ben, something else");
  const sealed = { ciphertext: other.ciphertext, grant };
  await assert.rejects(
    openDelivered(ben, world.proof, other.submitId, sealed),
    failing("decision", "not-delivered"),
  );
  await assert.rejects(
    openDelivered(ben, world.proof, letter.submitId, sealed),
    failing("file", "other-file"),
  );
  await assert.rejects(
    openDelivered(ben, world.proof, hashFor("nothing"), sealed),
    failing("decision", "not-delivered"),
  );
});

test("check 3: a submit signed by somebody else", async () => {
  const world = await settled();
  const fields = world.submitFields("letter", 1, "first", "north", "ann", ["ben"]);
  const submitId = world.add("submit", "ben", fields);
  world.latest.set("letter", submitId);
  world.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
  const sealed = { ciphertext: utf8("x"), grant: utf8("x") };
  await assert.rejects(
    openDelivered(readerOf(world, "ben"), world.proof, submitId, sealed),
    failing("submit", "wrong-author"),
  );
  const own = await delivered();
  const { ciphertext, grants } = own.letter;
  const notHers = openOwn(own.ben, own.world.proof, own.letter.submitId, { ciphertext, grant: grants.self });
  await assert.rejects(notHers, failing("submit", "wrong-author"));
});

test("check 4: another file, a cut file, or one with a second stanza", async () => {
  const { world, letter, grant, ben } = await delivered();
  const open = (ciphertext: Uint8Array) =>
    openDelivered(ben, world.proof, letter.submitId, { ciphertext, grant });
  await assert.rejects(open(letter.ciphertext.slice(0, -1)), failing("file", "other-file"));
  await assert.rejects(open(new Uint8Array()), failing("file", "other-file"));
  const flipped = letter.ciphertext.slice();
  flipped[9000] = (flipped[9000] as number) ^ 1;
  await assert.rejects(open(flipped), failing("file", "other-file"));

  // A writer who signs for a file with a second stanza is refused as well.
  const planted = await settled();
  const encrypter = new Encrypter();
  for (let i = 0; i < 2; i++) encrypter.addRecipient((await pair("x25519")).recipient);
  const twice = (await encrypter.encrypt(new Uint8Array(16384 - 98))) as Bytes; // 98: the second stanza
  assert.equal(twice.length, 16584);
  const plan = planted.submitFields("letter", 1, "first", "north", "ann", ["ben"]);
  const submitId = planted.add("submit", "ann", { ...plan, ct_hash: hash(twice), ct_len: 16584 });
  planted.latest.set("letter", submitId);
  planted.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
  const sealed = { ciphertext: twice, grant };
  await assert.rejects(
    openDelivered(readerOf(planted, "ben"), planted.proof, submitId, sealed),
    failing("file", "bad-stanzas"),
  );
});

test("check 5: a grant that no decision lists for me", async () => {
  const { world, letter, grant, ben } = await delivered();
  const { ciphertext, grants, submitId } = letter;
  for (const other of [grants.epoch, grants.archive, grants.self, grant.slice(0, -1)]) {
    await assert.rejects(
      openDelivered(ben, world.proof, submitId, { ciphertext, grant: other }),
      failing("grant", "not-granted"),
    );
  }
  const ann = readerOf(world, "ann");
  await assert.rejects(
    openDelivered(ann, world.proof, submitId, { ciphertext, grant }),
    failing("grant", "not-granted"),
  );
});

/** A decision by a coordinator who seals something else to Ben than the protocol says. */
async function misgranted(make: (world: World, letter: RealLetter) => Promise<Bytes>) {
  const world = await settled();
  const letter = await writeLetter(world, "letter", "Dear Ben");
  const grant = await make(world, letter);
  const { grants } = world.decisionFields("letter", "first", "deliver", 1, ["ben"]);
  world.decide("coord", "letter", "first", "deliver", 1, ["ben"], {
    grants: grants.map((entry) => ({ ...entry, grant_hash: hash(grant) })),
  });
  return openDelivered(readerOf(world, "ben"), world.proof, letter.submitId, {
    ciphertext: letter.ciphertext,
    grant,
  });
}

test("check 6: a listed grant of another realm, letter, revision, member or key", async () => {
  const where = (world: World) => ({
    realm: world.realm,
    letter: idFor("letter"),
    rev: 1,
    grantee: idFor("ben"),
  });
  const others = [
    { realm: hashFor("elsewhere") },
    { letter: idFor("other letter") },
    { rev: 2 },
    { grantee: idFor("ann") },
    { grantee: "archive" },
  ];
  for (const other of others) {
    const opening = misgranted(async (world, { identity }) =>
      sealGrant({ ...where(world), ...other }, identity, await sealKey("ben")),
    );
    await assert.rejects(opening, failing("grant-lines", "other-grant"));
  }
  const toAnn = misgranted(async (world, { identity }) =>
    sealGrant(where(world), identity, await sealKey("ann")),
  );
  await assert.rejects(toAnn, failing("grant-lines", "cannot-open"));
});

test("check 7: a listed grant that holds another letter's key", async () => {
  const opening = misgranted(async (world) => {
    const other = await writeLetter(world, "other letter", "Dear Ben, something else");
    return sealGrant(
      { realm: world.realm, letter: idFor("letter"), rev: 1, grantee: idFor("ben") },
      other.identity,
      await sealKey("ben"),
    );
  });
  await assert.rejects(opening, failing("key", "other-key"));
});

test("checks 8 and 9: an inside that says something else, or hides something", async () => {
  type Changed = Partial<{ letter: string; to: string[]; rev: number; author: string; arrangement: string }>;
  const open = async (change: Changed, bytes = utf8("x"), type: Part["type"] = "text/plain") => {
    const world = await settled();
    const plan = world.submitFields("letter", 1, "first", "north", "ann", ["ben"]);
    const { realm } = world;
    const context = {
      realm,
      letter: plan.letter,
      rev: 1,
      kind: "letter",
      arrangement: plan.arrangement,
      author: plan.author,
      to: plan.to,
    } as const;
    const { file, identity } = await sealedAnyhow({ ...context, ...change }, { type, bytes });
    const submitId = world.add("submit", "ann", {
      ...plan,
      ct_hash: hash(file),
      ct_len: 16584,
      key_hash: await keyHashOf(identity),
    });
    world.latest.set("letter", submitId);
    const grant = await passOn(world, "letter", {
      submitId,
      ciphertext: file,
      identity,
      grants: { epoch: file, archive: file, self: file },
    });
    return openDelivered(readerOf(world, "ben"), world.proof, submitId, { ciphertext: file, grant });
  };
  assert.equal(said((await open({})).parts), "x");
  for (const change of [
    { letter: idFor("other letter") },
    { to: [] },
    { rev: 2 },
    { author: idFor("ben") },
    { arrangement: idFor("elsewhere") },
  ]) {
    await assert.rejects(open(change), failing("content", "other-context"));
  }
  // As a changed client seals it: ours seals nothing of the kind.
  for (const hidden of ["turned \u{2067}round", "a\u{200b}b"]) {
    await assert.rejects(open({}, utf8(hidden)), failing("parts", "bad-text"));
  }
  await assert.rejects(open({}, utf8("<svg/>"), "image/png"), failing("parts"));
});

test("each field of a decision, swapped by a server, is refused", async () => {
  const { world, letter, grant, ben } = await delivered();
  const decision = world.envelopes.at(-1) as Envelope;
  const body = JSON.parse(Buffer.from(decision.payload, "base64").toString()) as Body<"decision"> &
    Record<string, unknown>;
  const other: Record<string, unknown> = { v: 2, outcome: "keep", grants: [], attached: [{}] };
  for (const field of Object.keys(body)) {
    const value =
      other[field] ?? (typeof body[field] === "number" ? (body[field] as number) + 1 : hashFor("elsewhere"));
    const payload = Buffer.from(JSON.stringify({ ...body, [field]: value })).toString("base64");
    const statements = [...world.envelopes.slice(0, -1), { ...decision, payload }];
    const lying = openDelivered(ben, { ...world.proof, statements }, letter.submitId, {
      ciphertext: letter.ciphertext,
      grant,
    });
    await assert.rejects(lying, { name: "CheckFailed" }, field);
  }
});
