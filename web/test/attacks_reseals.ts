/**
 * Coming back: new keys and who may stop them; letters given back, and those that nobody may give
 * away so.
 */

import { type Attacks, type Build, moved, replace, replaceAnn } from "./acts.ts";
import { SigningKey } from "../src/seal/key.ts";
import { FAMILY, hashFor, idFor, seedOf, settled, type World } from "./world.ts";

/** Ann's letter, passed on to Ben; a second coordinator, "other", is there to agree. */
async function delivered(): Promise<World> {
  const w = await settled(1, "other");
  w.submit("letter", 1, "first", "north", "ann", ["ben"]);
  w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
  return w;
}

/** The same, and Ben has lost everything since; the arrangement names his new keys. */
async function benAgain(): Promise<World> {
  const w = await delivered();
  await replace(w, "ben", "other");
  w.arrangement("first", "coord", 2, "north", 1, FAMILY);
  return w;
}

function resealFields(w: World, name: string, prior = "") {
  return {
    decision_id: w.latest.get("decision letter") ?? "",
    membership: idFor(name),
    cert_id: w.person(name).certificate,
    grant_hash: prior === "" ? "" : hashFor(`new grant ${name}`),
    reason: "lost",
    prior,
  } as const;
}

function giveBack(w: World, name: string, first = "coord", second = "other"): string {
  const prior = w.add("reseal", first, resealFields(w, name));
  return w.add("reseal", second, resealFields(w, name, prior));
}

/** The first half of new keys for Ann, whose old ones are still there; its id, and the second's fields. */
async function annAsked(w: World) {
  const replaces = w.person("ann").certificate;
  const fields = { ...w.inviteFields("ann", "birth-parent", "first"), invite: idFor("again") };
  const inviteId = w.add("invite", "coord", fields);
  const old = w.person("ann");
  w.people.set("ann", { name: "ann", key: new SigningKey(seedOf("ann again")), certificate: "" });
  const half = await w.memberFields("ann", "first", await w.enrol("ann", inviteId), replaces);
  w.people.set("ann", old);
  const first = w.add("member", "coord", half);
  return { first, second: { ...half, prior: first } };
}

export const GIVEN_BACK: Readonly<Record<string, Build>> = {
  "whoever still has the old keys stops new ones": async () => {
    const w = await delivered();
    const { first } = await annAsked(w);
    w.add("revoke", "ann", { target_id: first, reason: "mistake" });
    return w;
  },
  "a delivered letter is given back to new keys, and answered": async () => {
    const w = await benAgain();
    giveBack(w, "ben");
    w.add("receipt", "ben", { submit_id: w.latest.get("letter") ?? "", phrase: "thanks" });
    return w;
  },
  "a writer's own letter is given back to new keys": async () => {
    const w = await delivered();
    await replaceAnn(w, "other");
    w.arrangement("first", "coord", 2, "north", 1, FAMILY);
    giveBack(w, "ann");
    return w;
  },
  "the team that has the arrangement now gives its letters back": async () => {
    const w = await benAgain();
    await moved(w, 3);
    await w.manager("second south lead", ["lead"], "south");
    giveBack(w, "ben", "south lead", "second south lead");
    return w;
  },
  "the team that checked a letter, and has its key, agrees to give it back": async () => {
    const w = await benAgain();
    await moved(w, 3);
    giveBack(w, "ben", "south lead", "coord");
    return w;
  },
};

export const ATTACKS_ON_RESEALS: Attacks = {
  "new keys are certified although the old have objected": [
    "revoked",
    async () => {
      const w = await delivered();
      const { first, second } = await annAsked(w);
      w.add("revoke", "ann", { target_id: first, reason: "mistake" });
      w.add("member", "other", second);
      return w;
    },
  ],
  "a member objects to another's new keys": [
    "not-entitled",
    async () => {
      const w = await delivered();
      const { first } = await annAsked(w);
      w.add("revoke", "ben", { target_id: first, reason: "mistake" });
      return w;
    },
  ],
  "a member revokes a colleague of their worker": [
    "not-entitled",
    async () => {
      const w = await delivered();
      w.add("revoke", "ann", { target_id: w.person("other").certificate, reason: "mistake" });
      return w;
    },
  ],
  "one person gives a letter back alone": [
    "same-person",
    async () => {
      const w = await benAgain();
      giveBack(w, "ben", "coord", "coord");
      return w;
    },
  ],
  "a letter is given back for another membership": [
    "not-delivered",
    async () => {
      const w = await benAgain();
      w.add("reseal", "coord", { ...resealFields(w, "ben"), membership: idFor("cai") });
      return w;
    },
  ],
  "a letter is given back to another membership's keys": [
    "wrong-certificate",
    async () => {
      const w = await benAgain();
      const cert_id = w.person("ann").certificate;
      w.add("reseal", "coord", { ...resealFields(w, "ben"), cert_id });
      return w;
    },
  ],
  "a letter that was kept is given to its addressee": [
    "not-delivered",
    async () => {
      const w = await settled(1, "other");
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "keep", 1);
      w.decide("other", "letter", "first", "keep", 2);
      await replace(w, "ben", "other");
      w.arrangement("first", "coord", 2, "north", 1, FAMILY);
      w.add("reseal", "coord", resealFields(w, "ben"));
      return w;
    },
  ],
  "a letter is given back that went to the same keys": [
    "wrong-certificate",
    async () => {
      const w = await delivered();
      w.add("reseal", "coord", resealFields(w, "ben"));
      return w;
    },
  ],
  "a letter is given back to keys revoked between the halves": [
    "revoked",
    async () => {
      const w = await benAgain();
      const prior = w.add("reseal", "coord", resealFields(w, "ben"));
      w.add("revoke", "lead", { target_id: w.person("ben").certificate, reason: "lost" });
      w.add("reseal", "other", resealFields(w, "ben", prior));
      return w;
    },
  ],
  "a letter is given back to keys that the arrangement does not name": [
    "not-a-member",
    async () => {
      const w = await delivered();
      await replace(w, "ben", "other");
      w.add("reseal", "coord", resealFields(w, "ben"));
      return w;
    },
  ],
  "an administrator agrees to give a letter back": [
    "not-entitled",
    async () => {
      const w = await benAgain();
      giveBack(w, "ben", "coord", "admin");
      return w;
    },
  ],
  "the second half gives back under another reason": [
    "wrong-chain",
    async () => {
      const w = await benAgain();
      const prior = w.add("reseal", "coord", resealFields(w, "ben"));
      w.add("reseal", "other", { ...resealFields(w, "ben", prior), reason: "mistake" });
      return w;
    },
  ],
  "a letter is given back twice to the same keys": [
    "repeated",
    async () => {
      const w = await benAgain();
      giveBack(w, "ben");
      w.add("reseal", "coord", { ...resealFields(w, "ben"), reason: "mistake" });
      return w;
    },
  ],
  "a reader answers a letter that was not given back": [
    "not-entitled",
    async () => {
      const w = await benAgain();
      w.add("reseal", "coord", resealFields(w, "ben"));
      w.add("receipt", "ben", { submit_id: w.latest.get("letter") ?? "", phrase: "thanks" });
      return w;
    },
  ],
};
