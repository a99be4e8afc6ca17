import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Missing, Untrusted } from "../src/acts/errors.ts";
import { pinLog } from "../src/acts/statements.ts";
import { Keys } from "../src/keys.ts";
import { type Seen, SigningKey } from "../src/seal/index.ts";
import { type Answer, asked, keepingBrowser, problem, refusingBrowser, serve } from "./acts_server.ts";

const ACCOUNT = "0a".repeat(16);
const key = (): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(7);

/** The account's side of the server: a bundle replaced by compare-and-set. */
class Account {
  stored = { version: 0, sealed: "" };

  answer = ({ method, path, body }: { method: string; path: string; body: unknown }): Answer => {
    if (path === "/api/account" && method === "GET") {
      return { json: { account: ACCOUNT, wraps: [], bundle: this.stored } };
    }
    assert.deepEqual([method, path], ["PUT", "/api/account/bundle"]);
    const given = body as { version: number; sealed: string };
    if (given.version !== this.stored.version + 1) return problem(409, "bundle-stale");
    this.stored = given;
    return { json: { version: given.version } };
  };
}

async function made(account: Account): Promise<Keys> {
  const keys = Keys.make(ACCOUNT, key());
  const { bundle, version } = await keys.forNewAccount();
  account.stored = { version, sealed: bundle };
  serve(account.answer);
  return keys;
}

const pinned = (size: number) => ({ size, root: "ab".repeat(32) });

beforeEach(keepingBrowser);

test("a change of another device is kept: this one's is made again upon it", async () => {
  const account = new Account();
  const here = await made(account);
  const there = await Keys.open(ACCOUNT, key(), account.stored);
  await there.keep((bundle) => ({ ...bundle, root: SigningKey.generate().public }));
  await here.keep((bundle) => ({ ...bundle, pins: { ...bundle.pins, log: pinned(9) } }));
  assert.equal(account.stored.version, 3);
  const both = await Keys.open(ACCOUNT, key(), account.stored);
  assert.equal(both.root, there.root);
  assert.deepEqual(both.pins.log, pinned(9));
});

test("the log's pin moves forward only, and only from where it was shown to grow", async () => {
  const here = await made(new Account());
  const seen = (log: Seen["log"], agency = "aa".repeat(32)): Seen => ({ agency, log });
  const [none, two, nine] = [seen({ size: 0, root: "" }, ""), seen(pinned(2)), seen(pinned(9), "bb".repeat(32))];
  await pinLog(here, { before: none, now: two });
  await pinLog(here, { before: two, now: nine });
  assert.deepEqual(here.pins, { ...nine, arrangements: [] });
  // Held to a pin that another device has moved since, to another root, or backwards.
  await pinLog(here, { before: two, now: seen(pinned(12)) });
  await pinLog(here, { before: seen({ size: 9, root: "cd".repeat(32) }), now: seen(pinned(12)) });
  await pinLog(here, { before: nine, now: two });
  assert.deepEqual(here.pins, { ...nine, arrangements: [] });
  assert.equal(asked.length, 2);
});

test("a change that changes nothing is not sent", async () => {
  const here = await made(new Account());
  await here.keep((bundle) => bundle);
  assert.equal(asked.length, 0);
});

test("changes made at one time go one after another", async () => {
  const account = new Account();
  const here = await made(account);
  const sizes = [1, 2, 3];
  await Promise.all(
    sizes.map((size) => here.keep((bundle) => ({ ...bundle, pins: { ...bundle.pins, log: pinned(size) } }))),
  );
  assert.equal(account.stored.version, 4);
  assert.equal(asked.filter(({ method }) => method === "GET").length, 0);
});

test("a bundle older than this device has seen is refused", async () => {
  const account = new Account();
  const here = await made(account);
  const old = account.stored;
  await here.keep((bundle) => ({ ...bundle, pins: { ...bundle.pins, log: pinned(1) } }));
  await assert.rejects(Keys.open(ACCOUNT, key(), old), (error: unknown) => {
    return error instanceof Untrusted && error.code === "older-bundle";
  });
  await Keys.open(ACCOUNT, key(), account.stored);
});

test("where nothing can be kept, keys open all the same", async () => {
  refusingBrowser();
  const account = new Account();
  await made(account);
  assert.equal((await Keys.open(ACCOUNT, key(), account.stored)).account, ACCOUNT);
});

test("another account's bundle and another key are refused", async () => {
  const account = new Account();
  await made(account);
  await assert.rejects(Keys.open("0b".repeat(16), key(), account.stored), Untrusted);
  await assert.rejects(Keys.open(ACCOUNT, new Uint8Array(32), account.stored), Untrusted);
});

test("wiped keys are zeros and answer nothing", async () => {
  const bytes = key();
  const keys = Keys.make(ACCOUNT, bytes);
  let lent: Uint8Array | null = null;
  await keys.wrap(async (copy) => {
    lent = copy;
    assert.ok(keys.isKey(copy));
    return copy.slice();
  });
  assert.deepEqual(lent, new Uint8Array(32));
  keys.wipe();
  assert.deepEqual(bytes, new Uint8Array(32));
  assert.throws(() => keys.answer(new Uint8Array(32)), Missing);
  await assert.rejects(
    keys.keep((bundle) => ({ ...bundle })),
    Missing,
  );
});

test("keys are made once for one invitation, however often it is asked", async () => {
  const account = new Account();
  const keys = await made(account);
  const invite = {
    statement: "cd".repeat(32),
    root: SigningKey.generate().public,
    membership: "0c".repeat(16),
  };
  const code = SigningKey.generate();
  const first = await keys.enrol(invite, code);
  const again = await keys.enrol(invite, code);
  assert.deepEqual(again, first);
  assert.equal(keys.memberships.length, 1);
  await assert.rejects(keys.enrol({ ...invite, root: SigningKey.generate().public }, code), Untrusted);
});

test("a certificate is written beside the key it names, and told apart from one known before", async () => {
  const keys = await made(new Account());
  const invite = {
    statement: "cd".repeat(32),
    root: SigningKey.generate().public,
    membership: "0c".repeat(16),
  };
  await keys.enrol(invite, SigningKey.generate());
  const [mine] = keys.memberships;
  assert.ok(mine);
  const given = { ...mine, certificate: "ef".repeat(32) };
  assert.equal(await keys.certified([{ ...given, signKey: SigningKey.generate().public }]), false);
  assert.equal(await keys.certified([given]), true);
  assert.equal(await keys.certified([given]), false);
  assert.equal(keys.memberships[0]?.certificate, given.certificate);
});
