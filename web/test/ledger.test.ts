import assert from "node:assert/strict";
import { test } from "node:test";
import { decisionChain, nextStep } from "../src/seal/deciding.ts";
import { Ledger, ProofRefusal } from "../src/seal/ledger.ts";
import { grantOf } from "../src/seal/rules_reseal.ts";
import { ownVectors, refusal } from "./fixtures.ts";
import { type History, histories } from "./histories.ts";
import { foldRepeats, unfoldRepeats, type Vectors } from "./vectors.ts";
import { hashFor, idFor, settled } from "./world.ts";

/** The verdict on a history: where and why it is refused, or null. */
function verdict({ realm, root, statements }: History): History["refuses"] {
  try {
    Ledger.fold(realm, { root, statements });
    return null;
  } catch (error) {
    if (!(error instanceof ProofRefusal)) throw error;
    return { index: error.index, code: error.code };
  }
}

for (const history of await histories()) {
  test(`${history.name}: ${history.refuses?.code ?? "stands"}`, () => {
    assert.deepEqual(verdict(history), history.refuses);
    if (history.refuses === null) return;
    // A refused statement leaves the ledger as it was, so it is refused again for the same reason.
    const ledger = new Ledger(history.realm, history.root);
    for (const statement of history.statements.slice(0, -1)) ledger.admit(statement);
    const size = ledger.ids.length;
    for (let again = 0; again < 2; again++)
      assert.throws(() => ledger.admit(history.statements.at(-1)), refusal(history.refuses.code));
    assert.equal(ledger.ids.length, size);
  });
}

for (const side of ["rust", "typescript"] as const) {
  test(`every history of ${side}/ledgers.json gets its verdict at its index`, () => {
    for (const history of unfoldRepeats(ownVectors<Vectors["ledgers"]>(side, "ledgers"))) {
      assert.deepEqual(verdict(history), history.refuses, history.name);
    }
  });
}

test("the committed histories are the ones these tests build", async () => {
  assert.deepEqual(ownVectors("typescript", "ledgers"), foldRepeats(await histories()));
});

test("a root key that is not the pinned realm's proves nothing", async () => {
  const world = await settled();
  assert.throws(() => Ledger.fold("0".repeat(64), world.proof), refusal("wrong-realm"));
});

test("a certificate past its end is refused by the worker's clock and not by a reader", async () => {
  const world = await settled();
  const inviteId = world.add("invite", "coord", world.inviteFields("dee", "birth-parent", "second"));
  await world.enrol("dee", inviteId);
  const folded = () => {
    const ledger = new Ledger(world.realm, world.root.public);
    for (const envelope of world.envelopes.slice(0, -1)) ledger.admit(envelope);
    return ledger;
  };
  const last = world.envelopes.at(-1);
  assert.throws(() => folded().admit(last, 1_800_000_000), refusal("expired"));
  folded().admit(last, 1_799_999_999);
  folded().admit(last);
});

test("a ledger says what stands: certificates, versions, heads, decisions, deliveries", async () => {
  const world = await settled(2);
  const submitId = world.submit("letter", 1, "first", "north", "ann", ["ben", "cai"]);
  let ledger = Ledger.fold(world.realm, world.proof);
  assert.equal(ledger.at.letters.get(idFor("letter"))?.head.id, submitId);
  assert.equal(ledger.finalDecision(submitId), undefined);
  assert.deepEqual(nextStep(ledger, submitId, "deliver"), {
    step: 1,
    prior: "",
    isFinal: false,
    addressees: [],
  });
  assert.equal(nextStep(ledger, submitId, "change").isFinal, true);
  const first = world.decide("coord", "letter", "first", "deliver", 1);
  ledger = Ledger.fold(world.realm, world.proof);
  const ben = { membership: idFor("ben"), cert_id: world.person("ben").certificate };
  assert.deepEqual(nextStep(ledger, submitId, "deliver"), {
    step: 2,
    prior: first,
    isFinal: true,
    addressees: [ben],
  });
  world.decide("lead", "letter", "first", "deliver", 2, ["ben"]);
  ledger = Ledger.fold(world.realm, world.proof);
  assert.equal(decisionChain(ledger, submitId).length, 2);
  assert.equal(grantOf(ledger.at, submitId, ben.membership, ben.cert_id, false), hashFor("grant letter ben"));
  assert.equal(grantOf(ledger.at, submitId, ben.membership, hashFor("elsewhere"), false), undefined);
  assert.equal(ledger.at.members.get(ben.membership), ben.cert_id);
  assert.equal(ledger.governingArrangement(idFor("first"))?.body.reviewers, 2);
  assert.equal(ledger.epoch(idFor("north"))?.body.n, 1);
  assert.equal(ledger.at.letters.get(idFor("letter"))?.withdrawn, false);
});
