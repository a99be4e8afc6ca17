/** Parts that several histories share. */

import { SigningKey } from "../src/seal/key.ts";
import { FAMILY, hashFor, idFor, seedOf, type World } from "./world.ts";

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
export function replaceAnn(w: World, second = "lead"): Promise<void> {
  return replace(w, "ann", second);
}

/** Somebody lost everything: new keys, certified by the coordinator and then by `second`. */
export async function replace(w: World, name: string, second: string): Promise<void> {
  const replaces = w.person(name).certificate;
  const inviteId = w.add("invite", "coord", {
    ...w.inviteFields(name, "birth-parent", "first"),
    invite: idFor(name === "ann" ? "again" : `${name} again`),
  });
  w.people.set(name, { name, key: new SigningKey(seedOf(`${name} again`)), certificate: "" });
  const enrolId = await w.enrol(name, inviteId);
  const first = w.add("member", "coord", await w.memberFields(name, "first", enrolId, replaces));
  w.person(name).certificate = w.add(
    "member",
    second,
    await w.memberFields(name, "first", enrolId, replaces, first),
  );
}

/** The arrangement moves to the team "south" by both leads, as version `n`. */
export async function moved(w: World, n: number): Promise<void> {
  await w.manager("south lead", ["lead"], "south");
  await w.epoch("south", "south lead");
  const fields = w.arrangementFields("first", n, "south", 1, FAMILY);
  const prior = w.add("arrangement", "lead", fields);
  w.latest.set("first", w.add("arrangement", "south lead", { ...fields, prior }));
}
