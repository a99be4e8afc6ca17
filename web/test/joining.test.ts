/**
 * Joining, against a server that has put an agency of its own behind a genuine code: whole and
 * consistent as it is, the words on the sheet name another root, and no keys leave.
 */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Untrusted } from "../src/acts/errors.ts";
import { enrol, lookUp } from "../src/acts/joining.ts";
import { Keys } from "../src/keys.ts";
import type { Fields, Proof } from "../src/seal/index.ts";
import { inviteKeys } from "../src/seal/invite.ts";
import { SigningKey } from "../src/seal/key.ts";
import { asked, keepingBrowser, serve } from "./acts_server.ts";
import { hashFor, idFor, settle, settled, World } from "./world.ts";

const CODE = "1R3H-5RRY-SQNG";
const code = inviteKeys(CODE);
const ACCOUNT = "0a".repeat(16);

beforeEach(keepingBrowser);

/** The agency that printed the code, and its invitation. */
async function printed(): Promise<{ world: World; invite: Fields<"invite"> }> {
  const world = await settled();
  const { locator, sign, rootTag } = await code;
  const invite = {
    ...world.inviteFields("cai", "birth-parent", "first"),
    invite: locator,
    invite_key: sign.public,
    root_tag: rootTag(world.root.public),
  };
  return { world, invite };
}

/** What an agency proves of an invitation: all of it consistent, and signed by whom it says. */
function proofOf(world: World, invite: Fields<"invite">): Proof {
  return world.proofOf([...world.envelopes, world.signed("invite", "coord", invite)]);
}

/** Somebody without an agency types the code; the server takes whatever is sent. */
async function join(proof: Proof): Promise<void> {
  const found = { proof, expires_at: "2026-12-05T12:00:00Z" };
  serve(({ method }) => ({ json: method === "GET" ? found : {} }));
  await enrol(Keys.make(ACCOUNT, new Uint8Array(32).fill(7)), await lookUp(CODE));
}

/** Refused, and nothing was sent but the question. */
async function isRefused(proof: Proof, reason: string): Promise<void> {
  const refused = (error: unknown) => error instanceof Untrusted && error.code === reason;
  await assert.rejects(join(proof), refused, reason);
  const { locator } = await code;
  assert.deepEqual(
    asked.map(({ method, path }) => `${method} ${path}`),
    [`GET /api/invites/${locator}`],
  );
}

test("whoever types a code leaves keys with the agency that printed it", async () => {
  const { world, invite } = await printed();
  await join(proofOf(world, invite));
  assert.equal(asked.filter(({ path }) => path === `/api/invites/${invite.invite}/enrol`).length, 1);
});

test("another root behind a genuine code gets no keys, however whole its record", async () => {
  const { world, invite } = await printed();
  const theirs = await settle(new World("another root"));
  await isRefused(proofOf(theirs, invite), "other-root");
  // Without the code nobody can make the tag of a root of their own.
  await isRefused(proofOf(theirs, { ...invite, root_tag: hashFor("made up") }), "other-root");
  await isRefused({ ...proofOf(world, invite), root: theirs.root.public }, "bad-signature");
});

test("an invitation that is not the code's own gets no keys", async () => {
  const { world, invite } = await printed();
  await isRefused(proofOf(world, { ...invite, invite_key: SigningKey.generate().public }), "wrong-keys");
  await isRefused(proofOf(world, { ...invite, invite: idFor("another") }), "missing-statement");
});
