/** What a server answers to somebody who checks letters, true, and their keys. */

import type * as Api from "../src/api_types.ts";
import { Keys } from "../src/keys.ts";
import { base64, type Envelope, hex, idOf, sealEpoch } from "../src/seal/index.ts";
import type { RealLetter } from "./letterbox.ts";
import { hybridIdentity, idFor, sealKey, type World } from "./world.ts";

const ACCOUNT = "0a".repeat(16);

/** The keys of a team, sealed to one of its staff. */
export async function epochsOf(world: World, holder: string, team = "north"): Promise<Api.Epoch[]> {
  const envelope = world.envelopes.find((each) => idOf(each) === world.latest.get(`epoch ${team}`)) as Envelope;
  const review = await sealKey(`epoch ${team} 1`);
  const where = { realm: world.realm, team: idFor(team), n: 1, reviewKey: review };
  const wrap = await sealEpoch(where, hybridIdentity(`epoch ${team} 1`), await sealKey(holder));
  return [{ statement: idOf(envelope), envelope, n: 1, review_key: review, wrap: base64(wrap) }];
}

export function openedLetter(world: World, name: string, letter: RealLetter): Api.OpenedLetter {
  return {
    letter: idFor(name),
    arrangement: idFor("first"),
    statement: letter.submitId,
    ciphertext: base64(letter.ciphertext),
    grant: base64(letter.grants.epoch),
    attachments: [],
    proof: world.proof,
  };
}

/** Somebody of staff, their letterbox open. Writes their bundle: a server must be there. */
export async function staffKeys(world: World, name: string): Promise<Keys> {
  const keys = Keys.make(ACCOUNT, new Uint8Array(32).fill(7));
  const { key, certificate } = world.person(name);
  const own = {
    id: idFor(`staff ${name}`),
    cert_id: certificate,
    sign_seed: hex(key.seed),
    seal_identity: hybridIdentity(name),
  };
  await keys.keep((bundle) => ({ ...bundle, root: world.root.public, staff: [own] }));
  return keys;
}
