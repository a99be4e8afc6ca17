/** Certifying somebody anew: both say how they were seen, and nobody agrees to what they know otherwise. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type * as Api from "../src/api_types.ts";
import { certifyAgain } from "../src/acts/arranging.ts";
import { Untrusted } from "../src/acts/errors.ts";
import type { Standing } from "../src/acts/standing.ts";
import { bodyOf } from "../src/acts/statements.ts";
import type { Keys } from "../src/keys.ts";
import { enrolDigits, type Envelope, idOf, SigningKey } from "../src/seal/index.ts";
import { type Answer, asked, keepingBrowser, serve } from "./acts_server.ts";
import { staffKeys } from "./desk_server.ts";
import { idFor, seedOf, settled } from "./world.ts";

interface Scene {
  readonly keys: Keys;
  readonly digits: string;
  /** The first half, which "coord" signed. */
  readonly first: string;
}

/** Ben lost everything; "coord" has certified his new keys, and "other" is to agree. */
async function halfway(met: boolean): Promise<Scene> {
  const world = await settled(1, "other");
  const lost = world.person("ben").certificate;
  const offer = { ...world.inviteFields("ben", "birth-parent", "first"), invite: idFor("ben again") };
  const invited = world.add("invite", "coord", offer);
  world.people.set("ben", { name: "ben", key: new SigningKey(seedOf("ben again")), certificate: "" });
  const enrolled = await world.enrol("ben", invited);
  const fields = await world.memberFields("ben", "first", enrolled, lost);
  const first = world.add("member", "coord", { ...fields, met });
  const envelope = world.envelopes.find((each) => idOf(each) === enrolled) as Envelope;
  const sheet = {
    invite: offer.invite,
    membership: offer.membership,
    enrol: { statement: enrolled, envelope },
    certificates: [{ statement: lost, verdict: "logged" }],
  };
  serve(({ method, path }): Answer => {
    if (method !== "GET") return { json: {} };
    return { json: path.startsWith("/api/proof") ? world.proof : [sheet] };
  });
  return { keys: await staffKeys(world, "other"), digits: enrolDigits(enrolled), first };
}

const stands = { arrangement: idFor("first") } as Standing;

const agree = ({ keys, digits, first }: Scene, met: boolean) =>
  certifyAgain(keys, stands, idFor("ben again"), digits, met, first);

const handedIn = () => asked.filter(({ method, path }) => method === "POST" && path.endsWith("/members"));

beforeEach(keepingBrowser);

for (const met of [true, false]) {
  test(`whoever agrees says the same of how somebody was seen: ${met}`, async () => {
    const scene = await halfway(met);
    await agree(scene, met);
    const [sent] = handedIn();
    const { statement } = sent?.body as { statement: Api.Envelope };
    const { body } = bodyOf(statement, "member");
    assert.deepEqual([body.met, body.prior], [met, scene.first]);
  });

  test(`whoever knows otherwise signs nothing: ${met}`, async () => {
    const scene = await halfway(met);
    const refused = (error: unknown) => error instanceof Untrusted && error.code === "wrong-chain";
    await assert.rejects(agree(scene, !met), refused);
    assert.deepEqual(handedIn(), []);
  });
}
