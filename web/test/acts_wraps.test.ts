import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { beforeEach, test } from "node:test";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import * as device from "../src/acts/device.ts";
import { Untrusted } from "../src/acts/errors.ts";
import {
  addPasskey,
  changeWords,
  openWithDevice,
  openWithPasskey,
  openWithWords,
  PasskeyRefused,
  rememberDevice,
  waysToOpen,
  WrongWords,
} from "../src/acts/opening.ts";
import type * as Api from "../src/api_types.ts";
import { Keys } from "../src/keys.ts";
import { base64, hex, random, text, unbase64 } from "../src/seal/index.ts";
import { type Answer, type Asked, define, keepingBrowser, refusingBrowser, serve } from "./acts_server.ts";

const ACCOUNT = "0a".repeat(16);
const session: Api.Session = {
  account: ACCOUNT,
  agency: "0b".repeat(16),
  audience: "family",
  certificates: [],
  new: false,
  restricted: true,
};

/** A phone's lock: a secret for each credential, and HMAC for a PRF. */
class Phone {
  readonly secrets = new Map<string, Uint8Array>();
  /** How often it was asked to open. */
  questions = 0;
  knowsPrf = true;
  saysNo = false;
  forgetful = false;

  create = async (): Promise<unknown> => {
    if (this.saysNo) throw new DOMException("no", "NotAllowedError");
    const id = random(16);
    this.secrets.set(hex(id), random(32));
    return new FakeCredential(id, { prf: { enabled: this.knowsPrf } });
  };

  get = async ({ publicKey }: CredentialRequestOptions): Promise<unknown> => {
    if (this.saysNo) throw new DOMException("no", "NotAllowedError");
    this.questions += 1;
    assert.equal(publicKey?.userVerification, "required");
    const ids = (publicKey?.allowCredentials ?? []).map(({ id }) => new Uint8Array(id as ArrayBuffer));
    const id = ids.find((each) => this.secrets.has(hex(each)));
    assert.ok(id !== undefined);
    const secret = this.forgetful ? random(32) : this.secrets.get(hex(id));
    const asked = publicKey?.extensions?.prf?.eval?.first as Uint8Array;
    const first = new Uint8Array(createHmac("sha256", secret ?? random(32)).update(asked).digest());
    return new FakeCredential(id, { prf: { results: { first: first.buffer } } });
  };
}

class FakeCredential {
  readonly rawId: ArrayBuffer;
  constructor(
    id: Uint8Array<ArrayBuffer>,
    private readonly results: unknown,
  ) {
    this.rawId = id.slice().buffer;
  }
  getClientExtensionResults(): unknown {
    return this.results;
  }
}

/** The account's side of the server: its wraps, and a challenge that every signature answers. */
class Account {
  readonly wraps: Api.WrapView[] = [];
  bundle: Api.Bundle | null = null;
  /** Keys of the gate, the first of version 1. */
  readonly gate = [ristretto255_oprf.oprf.generateKeyPair().secretKey];

  answer = ({ method, path, body }: Asked): Answer => {
    if (path === "/api/gate") {
      const { blinded, version = this.gate.length } = body as Api.Question;
      const key = this.gate[(version ?? 0) - 1] ?? new Uint8Array();
      return { json: { evaluated: base64(ristretto255_oprf.oprf.blindEvaluate(key, unbase64(blinded))), version } };
    }
    if (path === "/api/session/challenge") return { json: { challenge: base64(new Uint8Array(32)) } };
    if (path === "/api/session/proof") return { status: 204 };
    if (method === "GET") {
      const { bundle, wraps, gate } = this;
      return { json: { account: ACCOUNT, bundle, wraps, gate_version: gate.length } };
    }
    if (method === "DELETE") {
      const at = this.wraps.findIndex(({ wrap }) => path.endsWith(wrap));
      this.wraps.splice(at, 1);
      return { status: 204 };
    }
    const wrap = hex(random(16));
    this.wraps.push({ ...(body as Api.WrapBody), wrap });
    return { status: 201, json: { wrap } };
  };
}

let phone: Phone;
let account: Account;
let keys: Keys;
beforeEach(async () => {
  keepingBrowser();
  phone = new Phone();
  define("navigator", { credentials: phone });
  define("PublicKeyCredential", FakeCredential);
  keys = Keys.make(ACCOUNT, random(32));
  account = new Account();
  const { bundle, version } = await keys.forNewAccount();
  account.bundle = { sealed: bundle, version };
  serve(account.answer);
});

test("words move to the gate's newest key when they are used, and open throughout", async () => {
  const words = ["abacus", "abdomen", "abdominal", "abide"];
  await changeWords(keys, words);
  const versions = () => account.wraps.map(({ gate_version }) => gate_version);
  await openWithWords(session, words.join(" "));
  assert.deepEqual(versions(), [1], "nothing is to be moved");
  account.gate.push(ristretto255_oprf.oprf.generateKeyPair().secretKey);
  await openWithWords(session, words.join(" "));
  await done(() => versions().length === 1 && versions()[0] === 2);
  await openWithWords(session, words.join(" "));
  assert.deepEqual(versions(), [2]);
  await assert.rejects(openWithWords(session, "other words than those"), WrongWords);
});

/** What the page does not wait for: looked for at every turn of the event loop. */
async function done(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
}

test("a passkey counts only after a second, fresh question has opened it", async () => {
  await addPasskey(keys);
  assert.equal(phone.questions, 2);
  assert.deepEqual(await waysToOpen(), { words: false, passkey: true, device: false });
  const opened = await openWithPasskey(session);
  assert.equal(opened.account, ACCOUNT);
  assert.equal(phone.questions, 3);
});

test("what is stored names the credential and holds a box, in the spelling of the protocol", async () => {
  await addPasskey(keys);
  const wrap = JSON.parse(text(unbase64(account.wraps[0]?.sealed ?? "")));
  assert.deepEqual(Object.keys(wrap), ["v", "credential", "box"]);
  assert.equal(wrap.v, 1);
  assert.ok(phone.secrets.has(hex(unbase64(wrap.credential))));
  // A nonce, the 32 bytes of K, and a tag.
  assert.equal(unbase64(wrap.box).length, 12 + 32 + 16);
});

test("a lock that answers otherwise the second time is not stored", async () => {
  phone.forgetful = true;
  await assert.rejects(addPasskey(keys), PasskeyRefused);
  assert.equal(account.wraps.length, 0);
});

test("a lock without the extension, and a person who says no, are refusals", async () => {
  phone.knowsPrf = false;
  await assert.rejects(addPasskey(keys), PasskeyRefused);
  phone.saysNo = true;
  await assert.rejects(addPasskey(keys), PasskeyRefused);
  await assert.rejects(openWithPasskey(session), PasskeyRefused);
});

test("another account's question opens nothing", async () => {
  await addPasskey(keys);
  const other = { ...session, account: "0c".repeat(16) };
  await assert.rejects(openWithPasskey(other), Untrusted);
});

test("a device's box opens under its own key, for its own account", async () => {
  const own = await device.makeKey();
  assert.equal(own.extractable, false);
  const key = random(32);
  const sealed = await device.seal(own, ACCOUNT, key);
  assert.deepEqual(await device.open(own, ACCOUNT, sealed), key);
  await assert.rejects(device.open(own, "0c".repeat(16), sealed), Untrusted);
  await assert.rejects(device.open(await device.makeKey(), ACCOUNT, sealed), Untrusted);
});

test("a device that remembers opens without a question; remembering again leaves no old wrap", async () => {
  assert.equal(await openWithDevice(session), null);
  assert.equal(await rememberDevice(keys), true);
  assert.equal(await rememberDevice(keys), true);
  assert.equal(account.wraps.length, 1);
  assert.equal((await openWithDevice(session))?.account, ACCOUNT);
  account.wraps.length = 0;
  assert.equal(await openWithDevice(session), null);
});

test("a browser that keeps nothing leaves no wrap that nothing opens", async () => {
  refusingBrowser();
  assert.equal(await rememberDevice(keys), false);
  assert.equal(account.wraps.length, 0);
});
