/** Parts that several histories share. */

import { SigningKey } from "../src/seal/key.ts";
import { hashFor, idFor, seedOf, type World } from "./world.ts";

/** Builds a history. */
export type Build = () => Promise<World>;

/** By name: the code the last statement is refused with, and how to get there. */
export type Attacks = Readonly<Record<string, [code: string, build: Build]>>;

/** An attachment to somebody, or to the team. */
export function attached(w: World, kind: "comment" | "note" | "team", to: string) {
  const about = `${kind} ${to}`;
  return {
    kind,
    membership: to === "" ? "" : idFor(to),
    cert_id: to === "" ? "" : w.person(to).certificate,
    ct_hash: hashFor(`file ${about}`),
    ct_len: 16584,
    key_hash: hashFor(`key ${about}`),
    grant_hash: to === "" ? "" : hashFor(`grant ${about}`),
    review_grant_hash: hashFor(`review ${about}`),
    archive_grant_hash: hashFor(`archive ${about}`),
  } as const;
}

/** Ann lost everything: new keys, certified by the coordinator and then by `second`. */
export async function replaceAnn(w: World, second = "lead"): Promise<void> {
  const replaces = w.person("ann").certificate;
  const inviteId = w.add("invite", "coord", {
    ...w.inviteFields("ann", "birth-parent", "first"),
    invite: idFor("again"),
  });
  w.people.set("ann", { name: "ann", key: new SigningKey(seedOf("ann again")), certificate: "" });
  const enrolId = await w.enrol("ann", inviteId);
  const first = w.add("member", "coord", await w.memberFields("ann", "first", enrolId, replaces));
  w.person("ann").certificate = w.add(
    "member",
    second,
    await w.memberFields("ann", "first", enrolId, replaces, first),
  );
}
