/** The root's word for the log's next key, from an administrator's browser; and what a server may not have signed. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Root } from "../src/acts/ceremony.ts";
import { Untrusted } from "../src/acts/errors.ts";
import { logKey, nameLogKey, type NextLogKey } from "../src/acts/log_key.ts";
import { ApiProblem } from "../src/api.ts";
import type { Keys } from "../src/keys.ts";
import { type Envelope, Ledger, SigningKey, type Statement } from "../src/seal/index.ts";
import { type Answer, type Asked, keepingBrowser, problem, serve } from "./acts_server.ts";
import { staffKeys } from "./desk_server.ts";
import { seedOf, World } from "./world.ts";

/** An operator who makes keys by name, and an API in front of an agency. */
class Office {
  readonly world = new World();
  configured = keyNamed("log");
  waiting: Envelope | null = null;
  /** What the proof holds; null for everything. */
  held: readonly Envelope[] | null = null;
  posted: Envelope[] = [];
  next: Answer | null = null;

  answer = ({ method, path, body }: Asked): Answer => {
    if (path === "/api/account/bundle") return { json: { version: (body as { version: number }).version } };
    if (method === "POST" && path === "/api/agency/log-key") {
      this.posted.push((body as { statement: Envelope }).statement);
      return this.next ?? { status: 201, json: { statement: "" } };
    }
    if (path === "/api/agency/log-key") return { json: { log_key: this.configured, waiting: this.waiting } };
    const seen = Number(new URLSearchParams(path.split("?")[1]).get("seen"));
    const { world, held } = this;
    if (path.startsWith("/api/staff")) {
      return { json: { staff: [], proof: world.proofOf(held ?? world.envelopes, seen) } };
    }
    return problem(404, "not-found");
  };
}

function keyNamed(name: string): string {
  return new SigningKey(seedOf(name)).public;
}

/** Alex, administrator, with the root at hand; the operator has made the key "second". */
async function atWork(): Promise<{ office: Office; keys: Keys; root: Root }> {
  const office = new Office();
  const { world } = office;
  await world.agency();
  await world.manager("alex", ["administrator"]);
  serve(office.answer);
  office.configured = keyNamed("second");
  return { office, keys: await staffKeys(world, "alex"), root: new Root(new SigningKey(seedOf("root"))) };
}

async function shown(keys: Keys): Promise<NextLogKey> {
  const found = await logKey(keys);
  assert.ok(found.at === "new");
  return found.next;
}

/** What the worker makes of what was posted last. */
function admitted({ world, posted }: Office): Statement<"agency"> {
  const ledger = Ledger.fold(world.realm, world.proof);
  ledger.admit(posted.at(-1));
  const agency = ledger.agency();
  assert.ok(agency !== null);
  return agency;
}

async function untrusted(code: string, act: Promise<unknown>): Promise<void> {
  await assert.rejects(act, (error) => error instanceof Untrusted && error.code === code);
}

beforeEach(keepingBrowser);

test("a key that the root has named is no new one", async () => {
  const { office, keys } = await atWork();
  office.configured = keyNamed("log");
  assert.deepEqual(await logKey(keys), { at: "named", logKey: keyNamed("log") });
});

test("the root names the key that was shown, and everything else stays as it was", async () => {
  const { office, keys, root } = await atWork();
  const next = await shown(keys);
  assert.equal(next.logKey, keyNamed("second"));
  await nameLogKey(keys, root, next);
  const { body } = admitted(office);
  const { before } = next;
  assert.deepEqual([body.n, body.prev, body.log_key], [2, before.id, keyNamed("second")]);
  assert.deepEqual(
    [body.notifier_key, body.archive_key],
    [before.body.notifier_key, before.body.archive_key],
  );
});

test("what the root has signed waits for the worker, and then the key is the log's", async () => {
  const { office, keys, root } = await atWork();
  await nameLogKey(keys, root, await shown(keys));
  office.waiting = office.posted.at(-1) ?? null;
  assert.deepEqual(await logKey(keys), { at: "waiting", logKey: keyNamed("second") });
  await office.world.agency(2, admitted(office).body.prev, "archive", "second");
  assert.deepEqual(await logKey(keys), { at: "named", logKey: keyNamed("second") });
});

test("a server cannot say that the root has named a key", async () => {
  const { office, keys } = await atWork();
  const { world } = office;
  const { before } = await shown(keys);
  const fields = { n: 2, prev: before.id, log_key: keyNamed("second"), from: 0 };
  const { notifier_key, archive_key } = before.body;
  const lies = {
    "signed by an administrator": world.signed("agency", "alex", { ...fields, notifier_key, archive_key }),
    "signed by another root": new World("other").signed("agency", "", { ...fields, notifier_key, archive_key }),
    "another key": world.signed("agency", "", { ...fields, log_key: keyNamed("third"), notifier_key, archive_key }),
    "the one before": world.envelopes[0] as Envelope,
    "out of turn": world.signed("agency", "", { ...fields, n: 3, notifier_key, archive_key }),
    "another kind": world.signed("invite", "", world.inviteFields("bo", "lead")),
  };
  for (const [name, lie] of Object.entries(lies)) {
    office.waiting = lie;
    assert.equal((await logKey(keys)).at, "new", name);
  }
});

test("an older statement of the agency is refused by whoever has seen a newer one", async () => {
  const { office, keys } = await atWork();
  const { world } = office;
  const first = (await shown(keys)).before.id;
  await world.agency(2, first, "archive", "second");
  assert.equal((await logKey(keys)).at, "named");
  office.held = world.envelopes.slice(0, -1);
  await untrusted("older-agency", logKey(keys));
});

test("another agency's statement is refused", async () => {
  const { office, keys } = await atWork();
  const other = new World("other");
  await other.agency();
  await other.manager("alex", ["administrator"]);
  office.answer = ((answer) => (asked: Asked) => {
    return asked.path.startsWith("/api/staff") ? { json: { staff: [], proof: other.proof } } : answer(asked);
  })(office.answer);
  serve(office.answer);
  await untrusted("wrong-realm", logKey(keys));
});

test("another agency's root signs nothing", async () => {
  const { office, keys } = await atWork();
  const next = await shown(keys);
  await untrusted("wrong-realm", nameLogKey(keys, new Root(new SigningKey(seedOf("other"))), next));
  assert.deepEqual(office.posted, []);
});

test("what is no key is not shown", async () => {
  const { office, keys } = await atWork();
  for (const nonsense of ["", "00".repeat(32), "FF".repeat(32), `01${"00".repeat(31)}`, "second"]) {
    office.configured = nonsense;
    await assert.rejects(logKey(keys), Untrusted, nonsense);
  }
});

test("a key that changes after it was shown is not signed", async () => {
  const { office, keys, root } = await atWork();
  const next = await shown(keys);
  office.configured = keyNamed("thief");
  office.next = problem(422, "foreign-keys");
  await assert.rejects(nameLogKey(keys, root, next), (error) => {
    return error instanceof ApiProblem && error.code === "foreign-keys";
  });
  assert.deepEqual(office.posted.map((each) => bodyOf(each)["log_key"]), [keyNamed("second")]);
});

test("an answer that was lost is asked for again with the same statement, even with the root closed", async () => {
  const { office, keys, root } = await atWork();
  const next = await shown(keys);
  office.next = "unreachable";
  await assert.rejects(nameLogKey(keys, root, next));
  root.close();
  office.next = null;
  await nameLogKey(keys, root, next);
  const [first, second] = office.posted;
  assert.deepEqual(second, first);
});

test("handed in twice, it is done; but not because the server says so", async () => {
  const { office, keys, root } = await atWork();
  const next = await shown(keys);
  office.next = problem(409, "same-key");
  await assert.rejects(nameLogKey(keys, root, next), (error) => {
    return error instanceof ApiProblem && error.code === "same-key";
  });
  // Logged meanwhile.
  await office.world.agency(2, next.before.id, "archive", "second");
  await nameLogKey(keys, root, next);
  office.next = problem(422, "wrong-version");
  await nameLogKey(keys, root, next);
});

function bodyOf({ payload }: Envelope): Record<string, unknown> {
  return JSON.parse(Buffer.from(payload, "base64").toString("utf8")) as Record<string, unknown>;
}
