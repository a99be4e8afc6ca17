import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { found, openRootFile, prepareFounding, WrongWords } from "../src/acts/ceremony.ts";
import type * as Api from "../src/api_types.ts";
import { Keys } from "../src/keys.ts";
import { generate, Ledger, recipientOf, SigningKey } from "../src/seal/index.ts";
import { type Answer, asked, type Asked, keepingBrowser, problem, serve } from "./acts_server.ts";

const ACCOUNT = "0a".repeat(16);

/** An operator's server before there is an agency. */
class Operator {
  posted: Api.NewAgency[] = [];
  isAnswerLost = false;
  realm: string | null = null;
  setup: Api.Setup | null = null;

  async begin(): Promise<this> {
    this.setup = {
      agency: "0d".repeat(16),
      log_key: SigningKey.generate().public,
      notifier_key: await recipientOf(await generate("x25519"), "x25519"),
    };
    return this;
  }

  answer = ({ method, path, body, headers }: Asked): Answer => {
    if (path === "/api/account/bundle") return { json: { version: (body as { version: number }).version } };
    if (path === "/api/agency/setup") {
      const isTheirs = headers.get("authorization") === "Bearer token";
      return isTheirs ? { json: this.setup } : problem(404, "not-found");
    }
    if (method === "GET") {
      return this.realm === null ? problem(404, "not-found") : { json: { realm: this.realm } };
    }
    if (this.realm !== null) return problem(409, "agency-exists");
    this.posted.push(body as Api.NewAgency);
    if (this.isAnswerLost) return "unreachable";
    return { json: {} };
  };
}

beforeEach(keepingBrowser);

test("what founds an agency folds to the root that was printed, and names the operator's keys", async () => {
  const operator = await new Operator().begin();
  serve(operator.answer);
  const keys = Keys.make(ACCOUNT, new Uint8Array(32).fill(7));
  const prepared = await prepareFounding();
  await found(keys, prepared, "token", "Riverside Adoption");
  const [posted] = operator.posted;
  assert.ok(posted);
  const ledger = Ledger.fold(prepared.realm, posted);
  assert.equal(ledger.agency()?.body.log_key, operator.setup?.log_key);
  assert.equal(keys.root, posted.root);
  const certificate = ledger.certificate(keys.post.certificate);
  assert.ok(certificate?.holder.kind === "staff");
  assert.deepEqual(certificate.holder.roles, ["administrator"]);
  assert.equal(certificate.holder.staff, keys.post.id);
  // Neither root nor archive nor anybody's words were sent anywhere.
  const sent = JSON.stringify(asked.map(({ body }) => body));
  assert.ok(!sent.includes(prepared.archive));
  for (const words of prepared.custodians) assert.ok(!sent.includes(words.join(" ")));
});

test("the root file opens with both custodians' words in their order, and with nothing else", async () => {
  const prepared = await prepareFounding();
  const [first, second] = prepared.custodians.map((words) => words.join(" "));
  assert.ok(first !== undefined && second !== undefined);
  const root = await openRootFile(prepared.rootFile, first.toUpperCase(), second);
  assert.equal(root.public, prepared.root.public);
  await assert.rejects(openRootFile(prepared.rootFile, second, first), WrongWords);
  await assert.rejects(openRootFile(prepared.rootFile, first, ""), WrongWords);
  await assert.rejects(openRootFile(new Uint8Array(300), first, second), WrongWords);
  root.close();
  assert.throws(() => root.sign("revoke", { target_id: "ab".repeat(32), reason: "left" }), WrongWords);
});

test("founding again after a lost answer sends the same, and finds the agency there", async () => {
  const operator = await new Operator().begin();
  serve(operator.answer);
  const keys = Keys.make(ACCOUNT, new Uint8Array(32).fill(7));
  const prepared = await prepareFounding();
  operator.isAnswerLost = true;
  await assert.rejects(found(keys, prepared, "token", "Riverside Adoption"));
  operator.isAnswerLost = false;
  await found(keys, prepared, "token", "Riverside Adoption");
  assert.deepEqual(operator.posted[1]?.statements, operator.posted[0]?.statements);
  operator.realm = prepared.realm;
  await found(keys, prepared, "token", "Riverside Adoption");
  operator.realm = "ab".repeat(32);
  await assert.rejects(found(keys, prepared, "token", "Riverside Adoption"));
});

test("a founding whose page was lost before it was sent can begin again with another root", async () => {
  const operator = await new Operator().begin();
  serve(operator.answer);
  const keys = Keys.make(ACCOUNT, new Uint8Array(32).fill(7));
  const lost = await prepareFounding();
  operator.isAnswerLost = true;
  await assert.rejects(found(keys, lost, "token", "Riverside Adoption"));
  operator.isAnswerLost = false;
  const prepared = await prepareFounding();
  await found(keys, prepared, "token", "Riverside Adoption");
  assert.equal(keys.root, prepared.root.public);
  assert.equal(keys.staff.length, 1);
});
