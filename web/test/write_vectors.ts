/** `npm run vectors`: writes tests/vectors/postern/typescript for Rust to read. */

import { mkdirSync, writeFileSync } from "node:fs";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { base64, type Bytes, hash, hex, newId, random, text, unbase64, utf8 } from "../src/seal/bytes.ts";
import { newBundle, sealBundle } from "../src/seal/bundle.ts";
import { originOf, signCheckpoint } from "../src/seal/checkpoint.ts";
import { type Contact, sealContact } from "../src/seal/contact.ts";
import { type DocumentHead, sealDocument } from "../src/seal/document.ts";
import { sealDraft } from "../src/seal/draft.ts";
import { readEnvelope } from "../src/seal/envelope.ts";
import { sealEpoch } from "../src/seal/epoch.ts";
import { generate } from "../src/seal/file.ts";
import { ask } from "../src/seal/gate.ts";
import { epochGrantee, sealGrant } from "../src/seal/grant.ts";
import { generateCode, inviteKeys } from "../src/seal/invite.ts";
import { SigningKey } from "../src/seal/key.ts";
import { type Context, type Part, sealLetter } from "../src/seal/letter.ts";
import { challengeBytes, proofKey } from "../src/seal/proof.ts";
import { statementLeaf, treeRoot } from "../src/seal/tree.ts";
import { generateWords } from "../src/seal/words.ts";
import { normaliseWords, sealWrap } from "../src/seal/wrap.ts";
import { pair } from "./fixtures.ts";
import { held, rekeyed } from "./held.ts";
import { histories } from "./histories.ts";
import { JPEG, PNG } from "./images.ts";
import { consistencyPath, inclusionPath } from "./paths.ts";
import { SPELLINGS } from "./spellings.ts";
import { foldRepeats, type Vectors } from "./vectors.ts";
import { hashFor, idFor, seedOf, settled } from "./world.ts";

const FOLDER = "../tests/vectors/postern/typescript";

function write<N extends keyof Vectors>(name: N, entries: Vectors[N][]): void {
  const lines = entries.map((entry) => JSON.stringify(entry));
  writeFileSync(`${FOLDER}/${name}.json`, `[\n${lines.join(",\n")}\n]\n`);
}

const newHash = (): string => hex(random(32));

/** Every statement of a rich history, with the seeds of its signers. */
async function statements(): Promise<Vectors["statements"][]> {
  const world = await settled(2);
  const submit_id = world.submit("letter", 1, "first", "north", "ann", ["ben", "cai"]);
  world.decide("coord", "letter", "first", "change", 1);
  world.submit("letter", 2, "first", "north", "ann", ["ben", "cai"]);
  world.decide("coord", "letter", "first", "keep", 1);
  world.decide("coord", "letter", "first", "deliver", 1);
  const decision_id = world.decide("lead", "letter", "first", "deliver", 2, ["ben"], {
    attached: [
      {
        kind: "note",
        membership: idFor("ben"),
        cert_id: world.person("ben").certificate,
        ct_hash: hashFor("file note"),
        ct_len: 16584,
        key_hash: hashFor("key note"),
        grant_hash: hashFor("grant note"),
        review_grant_hash: hashFor("review note"),
        archive_grant_hash: hashFor("archive note"),
      },
    ],
  });
  world.add("receipt", "ben", { submit_id, phrase: "thanks" });
  world.add("receipt", "ben", { submit_id, phrase: "will-write" });
  world.add("withdraw", "ann", { letter: idFor("letter"), submit_id });
  world.add("message", "ann", world.messageFields("look", "first", "north", "look", decision_id));
  world.add("message", "ben", world.messageFields("worry", "first", "north", "worry"));
  const cert_id = world.person("ben").certificate;
  const reseal = { decision_id, membership: idFor("ben"), cert_id, reason: "lost" } as const;
  const prior = world.add("reseal", "coord", { ...reseal, grant_hash: "", prior: "" });
  world.add("reseal", "lead", { ...reseal, grant_hash: hashFor("reseal"), prior });
  world.add("revoke", "lead", { target_id: cert_id, reason: "compromised" });
  world.add("contact", "ben", {
    membership: idFor("ben"),
    n: 1,
    sealed_hash: hashFor("contact"),
    channel: "post",
  });
  const signers = [world.root, ...[...world.people.values()].map(({ key }) => key)];
  const invites = [...world.people.keys()].map((name) => world.inviteKey(name));
  return world.envelopes.map((envelope) => {
    const { statement, signatures } = readEnvelope(envelope);
    const seeds = signatures.map((signature) => {
      const signer = [...signers, ...invites].find(
        (key) => hex(key.sign(statement.signed)) === hex(signature),
      );
      return hex((signer as SigningKey).seed);
    });
    return {
      kind: statement.kind,
      seeds,
      body: text(unbase64(envelope.payload)),
      id: statement.id,
      envelope,
    };
  });
}

async function letters(): Promise<Vectors["letters"][]> {
  const words = (written: string): Part => ({ type: "text/plain", bytes: utf8(written) });
  const inside: [Context["kind"], number, Part[]][] = [
    ["letter", 2, [words("Dear Sam,\n\nAnnwyl Siân 👩‍👧 ❤️\n")]],
    [
      "letter",
      1,
      [words("Two pictures."), { type: "image/jpeg", bytes: JPEG }, { type: "image/png", bytes: PNG }],
    ],
    ["letter", 1, [words("")]],
    ["comment", 1, [words("Could you leave out the name of the town?")]],
    ["note", 1, [words("This letter mentions an illness.")]],
    ["team", 0, [words("Please look at the second paragraph.")]],
    ["message", 0, [words("I am worried about a letter.")]],
  ];
  return Promise.all(
    inside.map(async ([kind, readers, parts]) => {
      const to = Array.from({ length: readers }, newId);
      const context = {
        realm: newHash(),
        letter: newId(),
        rev: 1,
        kind,
        arrangement: newId(),
        author: newId(),
        to,
      };
      const { file, identity, keyHash } = await sealLetter(context, parts);
      const listed = parts.map(({ type, bytes }) => ({ type, base64: base64(bytes) }));
      return { identity, file: base64(file), context, parts: listed, key_hash: keyHash };
    }),
  );
}

async function grants(): Promise<Vectors["grants"][]> {
  const grantees: [number, string][] = [
    [1, newId()],
    [12, newId()],
    [1, epochGrantee(newHash())],
    [1, "archive"],
  ];
  return Promise.all(
    grantees.map(async ([rev, grantee]) => {
      const { identity, recipient } = await pair("hybrid");
      const context = { realm: newHash(), letter: newId(), rev, grantee };
      const key = await generate("x25519");
      return { identity, file: base64(await sealGrant(context, key, recipient)), ...context, key };
    }),
  );
}

async function documents(): Promise<Vectors["documents"][]> {
  const inside: [number, DocumentHead["kind"], number, string][] = [
    [1, "card", 0, '{"name":"Siân","relationship":"grandparent"}'],
    [5, "plan", 1, '{"labels":{"a":"Sam’s family"}}'],
    [2, "notes", 3, `{"history":"${"Siân ".repeat(900)}"}`],
  ];
  return Promise.all(
    inside.map(async ([readers, kind, n, body]) => {
      const keys = await Promise.all(Array.from({ length: readers }, () => pair("hybrid")));
      const head = { realm: newHash(), kind, subject: newId(), n };
      const recipients = keys.map(({ recipient }) => recipient);
      const file = base64(await sealDocument(head, body, recipients));
      return { identities: keys.map(({ identity }) => identity), file, ...head, body };
    }),
  );
}

async function contacts(): Promise<Vectors["contacts"][]> {
  const inside: Pick<Contact, "channel" | "address" | "lang" | "avoid">[] = [
    { channel: "email", address: "sian@example.org", lang: "cy", avoid: ["12-25", "2027-03-01"] },
    { channel: "text", address: "+447700900123", lang: "en", avoid: [] },
    { channel: "post", address: "1 Stryd Fawr\n“Tŷ Gwyn”\tCaerdydd", lang: "en", avoid: [] },
  ];
  return Promise.all(
    inside.map(async (where) => {
      const { identity, recipient } = await pair("x25519");
      const { channel, address, lang, avoid } = where;
      const contact = { realm: newHash(), membership: newId(), n: 1, channel, address, lang, avoid };
      return { identity, file: base64(await sealContact(contact, recipient)), contact };
    }),
  );
}

async function epochWraps(): Promise<Vectors["epoch_wraps"][]> {
  return Promise.all(
    [1, 10].map(async (n) => {
      const [holder, review] = [await pair("hybrid"), await pair("hybrid")];
      const where = { realm: newHash(), team: newId(), n };
      const file = await sealEpoch(
        { ...where, reviewKey: review.recipient },
        review.identity,
        holder.recipient,
      );
      return { identity: holder.identity, file: base64(file), ...where, secret: review.identity };
    }),
  );
}

async function bundles(): Promise<Vectors["bundles"][]> {
  const empty = newBundle(newId());
  const keys = async (cert_id: string) => ({
    id: newId(),
    cert_id,
    sign_seed: newHash(),
    seal_identity: await generate("hybrid"),
  });
  const full = {
    ...empty,
    version: 2,
    root: SigningKey.generate().public,
    memberships: [await keys(newHash())],
    staff: [await keys("")],
    pins: {
      agency: newHash(),
      arrangements: [{ arrangement: newId(), n: 2, statement: newHash() }],
      log: { size: 7, root: newHash() },
    },
  };
  return Promise.all(
    [empty, full].map(async (bundle) => {
      const key = random(32);
      const sealed = base64(await sealBundle(key, bundle));
      return {
        key: hex(key),
        account: bundle.account,
        version: bundle.version,
        sealed,
        plain: JSON.stringify(bundle),
      };
    }),
  );
}

async function drafts(): Promise<Vectors["drafts"][]> {
  return Promise.all(
    ["", "Annwyl Siân,\n"].map(async (plain) => {
      const [key, letter] = [random(32), newId()];
      return { key: hex(key), letter, sealed: base64(await sealDraft(key, letter, utf8(plain))), plain };
    }),
  );
}

async function wraps(): Promise<Vectors["wraps"][]> {
  return Promise.all(
    [4, 6].map(async (count) => {
      const words = normaliseWords(generateWords(count).join(" "));
      const key = random(32);
      const gateKey: Bytes = ristretto255_oprf.oprf.generateKeyPair().secretKey;
      const request = ask(words);
      const output = request.finish(ristretto255_oprf.oprf.blindEvaluate(gateKey, request.blinded));
      return {
        words,
        gate_key: hex(gateKey),
        sealed: base64(await sealWrap(key, words, output)),
        key: hex(key),
      };
    }),
  );
}

async function invites(): Promise<Vectors["invites"][]> {
  return Promise.all(
    Array.from({ length: 3 }, async () => {
      const code = generateCode();
      const root_key = SigningKey.generate().public;
      const { locator, sign, rootTag } = await inviteKeys(code);
      return {
        code,
        locator,
        sign_seed: hex(sign.seed),
        public: sign.public,
        root_key,
        root_tag: rootTag(root_key),
      };
    }),
  );
}

function proofKeys(): Vectors["proof_keys"][] {
  const [key, account, challenge] = [random(32), newId(), newHash()];
  const proof = proofKey(key, account);
  const signature = hex(proof.sign(challengeBytes(account, challenge)));
  return [{ key: hex(key), account, public: proof.public, challenge, signature }];
}

function logs(): Vectors["log"][] {
  const key = new SigningKey(seedOf("log"));
  return [1, 2, 7, 8, 13].map((size) => {
    const leaves = Array.from({ length: size }, () => ({ salt: random(16), id: random(32) }));
    const hashes = leaves.map(({ salt, id }) => statementLeaf(salt, id));
    const root = hex(treeRoot(hashes));
    const origin = originOf(hash(seedOf("realm")));
    return {
      leaves: leaves.map(({ salt, id }) => ({ salt: hex(salt), id: hex(id) })),
      root,
      checkpoint: signCheckpoint(origin, { size, root }, key),
      origin,
      public: key.public,
      inclusion: hashes.map((_, index) => inclusionPath(index, hashes).map(hex)),
      consistency: hashes.map((_, index) => consistencyPath(index + 1, hashes).map(hex)),
    };
  });
}

mkdirSync(FOLDER, { recursive: true });
write("statements", await statements());
write("letters", await letters());
write("grants", await grants());
write("documents", await documents());
write("contacts", await contacts());
write("epoch_wraps", await epochWraps());
write("bundles", await bundles());
write("drafts", await drafts());
write("wraps", await wraps());
write("invites", await invites());
write("proof_keys", proofKeys());
write("log", logs());
write("malformed", [...SPELLINGS]);
write("held", [await held(), await rekeyed(true), await rekeyed(false)]);
write("ledgers", foldRepeats(await histories()));
