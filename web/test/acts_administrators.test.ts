/** An administrator who lost everything comes back by the operator's token and the agency's root. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { comeBack, type Door, inviteByRoot, newPost, samePost } from "../src/acts/administrators.ts";
import { Root, WrongWords } from "../src/acts/ceremony.ts";
import { Untrusted } from "../src/acts/errors.ts";
import { ApiProblem } from "../src/api.ts";
import { Keys } from "../src/keys.ts";
import { type Envelope, Ledger, SigningKey } from "../src/seal/index.ts";
import { type Answer, asked, type Asked, keepingBrowser, problem, serve } from "./acts_server.ts";
import { seedOf, World } from "./world.ts";

/** A server with an agency, which takes what is brought with the token. */
class Office {
  readonly world = new World();
  readonly taken: Envelope[] = [];
  isAnswerLost = false;
  /** Whose staff it shows. */
  shown = this.world;

  answer = ({ path, body }: Asked): Answer => {
    if (path === "/api/account/bundle") return { json: { version: (body as { version: number }).version } };
    const { token, statement } = body as { token?: string; statement: Envelope };
    if (path.startsWith("/api/agency/") && token !== "token") return problem(404, "not-found");
    this.taken.push(statement);
    const everybody = { staff: [], proof: this.shown.proof };
    return this.isAnswerLost ? "unreachable" : { status: 201, json: { statement: "", everybody } };
  };
}

function rootOf(name: string): Root {
  return new Root(new SigningKey(seedOf(name)));
}

async function atTheDoor(token = "token"): Promise<{ office: Office; keys: Keys; door: Door }> {
  const office = new Office();
  await office.world.agency();
  await office.world.manager("alex", ["administrator"]);
  serve(office.answer);
  const keys = Keys.make("0a".repeat(16), new Uint8Array(32).fill(7));
  return { office, keys, door: { root: rootOf("root"), token } };
}

beforeEach(keepingBrowser);

test("what the root signs for somebody who comes back stands beside all that was certified before", async () => {
  const { office, keys, door } = await atTheDoor();
  const { invitation, administrators } = await inviteByRoot(door);
  const [alex] = administrators;
  assert.ok(alex !== undefined && administrators.length === 1);
  await comeBack(keys, door, invitation, samePost(alex, "administrator", []));
  const { world, taken } = office;
  const ledger = Ledger.fold(world.realm, world.proof);
  const [, , certificate] = taken.map((statement) => ledger.admit(statement));
  const held = ledger.certificate(certificate ?? "");
  assert.ok(held?.holder.kind === "staff");
  assert.deepEqual([held.holder.roles, held.holder.teams], [["administrator"], []]);
  assert.deepEqual([held.holder.staff, held.holder.person], [alex.staff, alex.person]);
  assert.equal(held.signKey, keys.staff[0]?.signKey);
  assert.equal(keys.root, door.root.public);
  assert.ok(ledger.isInForce(world.person("alex").certificate));
  assert.deepEqual(
    asked.map(({ path }) => path).filter((path) => path.startsWith("/api/agency")),
    ["/api/agency/administrators/invites", "/api/agency/administrators"],
  );
});

test("asked again after a lost answer, everything is the same, even with the root closed", async () => {
  const { office, keys, door } = await atTheDoor();
  office.isAnswerLost = true;
  await assert.rejects(inviteByRoot(door));
  office.isAnswerLost = false;
  const { invitation } = await inviteByRoot(door);
  const certified = async () => {
    office.taken.length = 0;
    await comeBack(keys, door, invitation, newPost("administrator", []));
    return office.taken.at(-1);
  };
  const first = await certified();
  door.root.close();
  assert.deepEqual(await certified(), first);
  assert.equal(keys.staff.length, 1);
});

test("a page that was closed in between begins again with the same keys", async () => {
  const { keys, door } = await atTheDoor();
  for (const each of [door, { ...door }]) {
    const { invitation } = await inviteByRoot(each);
    await comeBack(keys, each, invitation, newPost("administrator", []));
  }
  assert.equal(keys.staff.length, 1);
});

test("a wrong token brings nothing", async () => {
  const { office, door } = await atTheDoor("guessed");
  await assert.rejects(inviteByRoot(door), (error) => error instanceof ApiProblem && error.status === 404);
  assert.deepEqual(office.taken, []);
});

test("a closed root invites nobody", async () => {
  const { office, door } = await atTheDoor();
  door.root.close();
  await assert.rejects(inviteByRoot(door), WrongWords);
  assert.deepEqual(office.taken, []);
});

test("keys of one agency are not certified by the root of another", async () => {
  const { office, keys, door } = await atTheDoor();
  const post = newPost("administrator", []);
  await comeBack(keys, door, (await inviteByRoot(door)).invitation, post);
  office.taken.length = 0;
  const other = { ...door, root: rootOf("other") };
  await wrongRealm(inviteByRoot(other));
  // The server goes along with it.
  office.shown = new World("other");
  await office.shown.agency();
  const { invitation } = await inviteByRoot(other);
  await wrongRealm(comeBack(keys, other, invitation, post));
  assert.equal(office.taken.length, 2, "the invitations alone");
});

test("who was administrator is told from what the root signed, never by the server's word", async () => {
  const { office, door } = await atTheDoor();
  office.shown = new World("other");
  await office.shown.agency();
  await office.shown.manager("mallory", ["administrator"]);
  await wrongRealm(inviteByRoot(door));
});

async function wrongRealm(act: Promise<unknown>): Promise<void> {
  await assert.rejects(act, (error) => error instanceof Untrusted && error.code === "wrong-realm");
}
