/**
 * Whole histories: good ones, and attacks whose last statement must be refused with one code.
 * `npm run vectors` writes them for Rust, which must give the same verdict at the same index.
 */

import { type Envelope, idOf } from "../src/seal/envelope.ts";
import { attached, type Build, moved, replaceAnn } from "./acts.ts";
import { ATTACKS_ON_LETTERS } from "./attacks_letters.ts";
import { ATTACKS_ON_PEOPLE } from "./attacks_people.ts";
import { ATTACKS_ON_RECEIPTS } from "./attacks_receipts.ts";
import { ATTACKS_ON_RESEALS, GIVEN_BACK } from "./attacks_reseals.ts";
import { FAMILY, hashFor, idFor, settled, type World } from "./world.ts";

export interface History {
  readonly name: string;
  readonly root: string;
  readonly realm: string;
  readonly statements: readonly Envelope[];
  readonly refuses: { readonly index: number; readonly code: string } | null;
}

/** Histories that stand from beginning to end. */
const GOOD: Record<string, Build> = {
  "a letter is delivered by one person": async () => {
    const w = await settled();
    w.submit("letter", 1, "first", "north", "ann", ["ben", "cai"]);
    w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
    return w;
  },
  "a letter is delivered by two persons": async () => {
    const w = await settled(2);
    w.submit("letter", 1, "first", "north", "ann", ["ben", "cai"]);
    w.decide("coord", "letter", "first", "deliver", 1);
    w.decide("lead", "letter", "first", "deliver", 2, ["ben"]);
    return w;
  },
  "a letter comes back and is sent again": async () => {
    const w = await settled();
    w.submit("letter", 1, "first", "north", "ann", ["ben"]);
    w.decide("coord", "letter", "first", "change", 1);
    w.submit("letter", 2, "first", "north", "ann", ["ben"]);
    w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
    return w;
  },
  "a kept letter gets another look by others": async () => {
    const w = await settled(1, "other");
    w.submit("letter", 1, "first", "north", "ann", ["ben"]);
    w.decide("coord", "letter", "first", "keep", 1);
    const kept = w.decide("other", "letter", "first", "keep", 2);
    const look = w.add("message", "ann", w.messageFields("look", "first", "north", "look", kept));
    w.decide("lead", "letter", "first", "deliver", 1, ["ben"], { prior: look });
    return w;
  },
  "another outcome closes a chain and starts again": async () => {
    const w = await settled(1, "other");
    w.submit("letter", 1, "first", "north", "ann", ["ben"]);
    w.decide("coord", "letter", "first", "keep", 1);
    w.decide("other", "letter", "first", "deliver", 1, ["ben"]);
    return w;
  },
  "a letter is taken back before anybody decided": async () => {
    const w = await settled();
    const submit_id = w.submit("letter", 1, "first", "north", "ann", ["ben"]);
    w.add("withdraw", "ann", { letter: idFor("letter"), submit_id });
    return w;
  },
  "a reader answers a delivered letter": async () => {
    const w = await settled();
    const submit_id = w.submit("letter", 1, "first", "north", "ann", ["ben", "cai"]);
    w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
    w.add("receipt", "ben", { submit_id, phrase: "will-write" });
    return w;
  },
  "a letter is answered in its second revision": async () => {
    const w = await settled();
    w.submit("letter", 1, "first", "north", "ann", ["ben"]);
    w.decide("coord", "letter", "first", "change", 1);
    const submit_id = w.submit("letter", 2, "first", "north", "ann", ["ben"]);
    w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
    w.add("receipt", "ben", { submit_id, phrase: "thanks" });
    return w;
  },
  "staff attach a comment, a note and a line to the next checker": async () => {
    const w = await settled(2);
    w.submit("letter", 1, "first", "north", "ann", ["ben"]);
    w.decide("coord", "letter", "first", "deliver", 1, [], { attached: [attached(w, "team", "")] });
    w.decide("lead", "letter", "first", "deliver", 2, ["ben"], {
      attached: [attached(w, "comment", "ann"), attached(w, "note", "ben")],
    });
    return w;
  },
  "everything lost, certified anew by two": async () => {
    const w = await settled();
    await replaceAnn(w);
    w.arrangement("first", "coord", 2, "north", 1, FAMILY);
    w.submit("letter", 1, "first", "north", "ann", ["ben"]);
    return w;
  },
  "an arrangement moves between teams by both leads": async () => {
    const w = await settled();
    await moved(w, 2);
    w.submit("letter", 1, "first", "south", "ann", ["ben"]);
    return w;
  },
  "after a move the team that has a kept letter looks again": async () => {
    const w = await settled(1, "other");
    w.submit("letter", 1, "first", "north", "ann", ["ben"]);
    w.decide("coord", "letter", "first", "keep", 1);
    const kept = w.decide("other", "letter", "first", "keep", 2);
    await moved(w, 2);
    const look = w.add("message", "ann", w.messageFields("look", "first", "south", "look", kept));
    w.decide("lead", "letter", "first", "deliver", 1, ["ben"], { prior: look });
    return w;
  },
  "an agency changes its keys, a team its epoch, a person leaves": async () => {
    const w = await settled(1, "other");
    await w.epoch("north", "lead", 2);
    w.add("revoke", "lead", { target_id: w.person("other").certificate, reason: "left" });
    w.add("contact", "ben", {
      membership: idFor("ben"),
      n: 1,
      sealed_hash: hashFor("contact"),
      channel: "email",
    });
    await w.agency(2, idOf(w.envelopes[0] as Envelope), "new archive");
    w.submit("letter", 1, "first", "north", "ann", ["ben"]);
    return w;
  },
};

export async function histories(): Promise<History[]> {
  const of = (name: string, w: World, refuses: History["refuses"]): History => ({
    name,
    root: w.root.public,
    realm: w.realm,
    statements: w.envelopes,
    refuses,
  });
  const written: History[] = [];
  const good = { ...GOOD, ...GIVEN_BACK };
  for (const [name, build] of Object.entries(good)) written.push(of(name, await build(), null));
  const attacks = {
    ...ATTACKS_ON_PEOPLE,
    ...ATTACKS_ON_LETTERS,
    ...ATTACKS_ON_RECEIPTS,
    ...ATTACKS_ON_RESEALS,
  };
  for (const [name, [code, build]] of Object.entries(attacks)) {
    const w = await build();
    written.push(of(name, w, { index: w.envelopes.length - 1, code }));
  }
  return written;
}
