/** Attacks on letters and decisions: the last statement must be refused with the code. */

import { base64, text, unbase64, utf8 } from "../src/seal/bytes.ts";
import { type Envelope } from "../src/seal/envelope.ts";
import { attached, type Attacks, moved, replaceAnn } from "./acts.ts";
import { FAMILY, hashFor, idFor, settled } from "./world.ts";

export const ATTACKS_ON_LETTERS: Attacks = {
  "a replaced certificate writes": [
    "revoked",
    async () => {
      const w = await settled();
      const before = { ...w.person("ann") };
      await replaceAnn(w);
      w.people.set("ann", before);
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      return w;
    },
  ],
  "a revoked coordinator decides": [
    "revoked",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.add("revoke", "lead", { target_id: w.person("coord").certificate, reason: "left" });
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
      return w;
    },
  ],
  "an administrator decides": [
    "not-entitled",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("admin", "letter", "first", "deliver", 1, ["ben"]);
      return w;
    },
  ],
  "another team's lead decides": [
    "not-entitled",
    async () => {
      const w = await settled();
      await w.manager("south lead", ["lead"], "south");
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("south lead", "letter", "first", "deliver", 1, ["ben"]);
      return w;
    },
  ],
  "the team that an arrangement moved to decides on a letter that it cannot open": [
    "not-entitled",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      await moved(w, 2);
      w.decide("south lead", "letter", "first", "deliver", 1, ["ben"]);
      return w;
    },
  ],
  "a member decides": [
    "not-entitled",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("ann", "letter", "first", "deliver", 1, ["ben"]);
      return w;
    },
  ],
  "one person delivers alone where two must": [
    "wrong-grants",
    async () => {
      const w = await settled(2);
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
      return w;
    },
  ],
  "one person delivers twice": [
    "same-person",
    async () => {
      const w = await settled(2);
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "deliver", 1);
      w.decide("coord", "letter", "first", "deliver", 2, ["ben"]);
      return w;
    },
  ],
  "a kept letter is delivered without another look": [
    "already-final",
    async () => {
      const w = await settled(1, "other");
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "keep", 1);
      w.decide("other", "letter", "first", "keep", 2);
      w.decide("lead", "letter", "first", "deliver", 1, ["ben"]);
      return w;
    },
  ],
  "who kept a letter looks again": [
    "same-person",
    async () => {
      const w = await settled(1, "other");
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "keep", 1);
      const kept = w.decide("other", "letter", "first", "keep", 2);
      const look = w.add("message", "ann", w.messageFields("look", "first", "north", "look", kept));
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"], { prior: look });
      return w;
    },
  ],
  "the reader asks for another look": [
    "wrong-subject",
    async () => {
      const w = await settled(1, "other");
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "keep", 1);
      const kept = w.decide("other", "letter", "first", "keep", 2);
      w.add("message", "ben", w.messageFields("look", "first", "north", "look", kept));
      return w;
    },
  ],
  "a step is skipped": [
    "wrong-step",
    async () => {
      const w = await settled(2);
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "deliver", 2, ["ben"]);
      return w;
    },
  ],
  "a grant goes to somebody on paper": [
    "wrong-grants",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben", "cai"]);
      w.person("cai").certificate = w.person("ben").certificate;
      w.decide("coord", "letter", "first", "deliver", 1, ["ben", "cai"]);
      return w;
    },
  ],
  "an addressee is left out": [
    "wrong-grants",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "deliver", 1);
      return w;
    },
  ],
  "a grant goes to somebody who was taken out of the plan since": [
    "wrong-grants",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      const left = FAMILY.filter(({ name }) => name !== "ben");
      w.arrangement("first", "coord", 2, "north", 1, left);
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
      return w;
    },
  ],
  "a grant goes to somebody who may not read any more": [
    "wrong-grants",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      const deaf = FAMILY.map((place) => (place.name === "ben" ? { ...place, read: false } : place));
      w.arrangement("first", "coord", 2, "north", 1, deaf);
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
      return w;
    },
  ],
  "an attachment uses the letter's key": [
    "key-reused",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      const { key_hash } = w.submitFields("letter", 1, "first", "north", "ann", ["ben"]);
      const note = { ...attached(w, "note", "ben"), key_hash };
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"], { attached: [note] });
      return w;
    },
  ],
  "a kept letter is granted": [
    "wrong-grants",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "keep", 1, ["ben"]);
      return w;
    },
  ],
  "a note goes to the writer": [
    "wrong-attachment",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"], { attached: [attached(w, "note", "ann")] });
      return w;
    },
  ],
  "a letter is written to one's own side": [
    "wrong-reader",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ben", ["cai"]);
      return w;
    },
  ],
  "a member without the right writes": [
    "no-write-right",
    async () => {
      const w = await settled();
      w.arrangement(
        "first",
        "coord",
        2,
        "north",
        1,
        FAMILY.map((place) => ({ ...place, write: place.name !== "ann" })),
      );
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      return w;
    },
  ],
  "a letter is delivered after its writer lost the right": [
    "no-write-right",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.arrangement(
        "first",
        "coord",
        2,
        "north",
        1,
        FAMILY.map((place) => ({ ...place, write: place.name !== "ann" })),
      );
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
      return w;
    },
  ],
  "a letter rests on an old version": [
    "stale-arrangement",
    async () => {
      const w = await settled();
      const fields = w.submitFields("letter", 1, "first", "north", "ann", ["ben"]);
      w.arrangement("first", "coord", 2, "north", 1, FAMILY);
      w.add("submit", "ann", fields);
      return w;
    },
  ],
  "a letter is sealed to an old epoch": [
    "stale-epoch",
    async () => {
      const w = await settled();
      const fields = w.submitFields("letter", 1, "first", "north", "ann", ["ben"]);
      await w.epoch("north", "lead", 2);
      w.add("submit", "ann", fields);
      return w;
    },
  ],
  "a member writes as another": [
    "wrong-author",
    async () => {
      const w = await settled();
      w.add("submit", "ben", w.submitFields("letter", 1, "first", "north", "ann", ["ben"]));
      return w;
    },
  ],
  "a revision nobody asked for": [
    "revision-not-asked",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.submit("letter", 2, "first", "north", "ann", ["ben"]);
      return w;
    },
  ],
  "a letter key is used twice": [
    "key-reused",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      const fields = w.submitFields("second letter", 1, "first", "north", "ann", ["ben"]);
      w.add("submit", "ann", { ...fields, key_hash: hashFor("key letter 1") });
      return w;
    },
  ],
  "a withdrawn letter is delivered": [
    "withdrawn",
    async () => {
      const w = await settled();
      const submit_id = w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.add("withdraw", "ann", { letter: idFor("letter"), submit_id });
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
      return w;
    },
  ],
  "a decided letter is taken back": [
    "already-decided",
    async () => {
      const w = await settled();
      const submit_id = w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "keep", 1);
      w.add("withdraw", "ann", { letter: idFor("letter"), submit_id });
      return w;
    },
  ],
  "an old revision is delivered": [
    "not-head",
    async () => {
      const w = await settled();
      const submit_id = w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "change", 1);
      w.submit("letter", 2, "first", "north", "ann", ["ben"]);
      w.decide("lead", "letter", "first", "deliver", 1, ["ben"], { submit_id });
      return w;
    },
  ],
  "a decision names a statement nobody has seen": [
    "missing-statement",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"], { prior: hashFor("elsewhere") });
      return w;
    },
  ],
  "a decision names a statement of another kind": [
    "wrong-kind",
    async () => {
      const w = await settled();
      const submit_id = w.latest.get("first") as string;
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"], { submit_id });
      return w;
    },
  ],
  "a decision is relabelled": [
    "malformed",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
      const last = w.envelopes.pop() as Envelope;
      w.envelopes.push({ ...last, payloadType: last.payloadType.replace("decision", "submit") });
      return w;
    },
  ],
  "a body is altered under its signature": [
    "bad-signature",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
      const last = w.envelopes.pop() as Envelope;
      const body = text(unbase64(last.payload)).replace('"time":1700000000', '"time":1700000001');
      w.envelopes.push({ ...last, payload: base64(utf8(body)) });
      return w;
    },
  ],
};
