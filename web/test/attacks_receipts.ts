/** Receipts that nobody was entitled to sign, or that were signed before. */

import type { Attacks } from "./acts.ts";
import { settled } from "./world.ts";

export const ATTACKS_ON_RECEIPTS: Attacks = {
  "a reader answers before the decision is final": [
    "not-entitled",
    async () => {
      const w = await settled(2);
      const submit_id = w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "deliver", 1);
      w.add("receipt", "ben", { submit_id, phrase: "thanks" });
      return w;
    },
  ],
  "a reader answers the revision that went back": [
    "not-entitled",
    async () => {
      const w = await settled();
      const submit_id = w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "change", 1);
      w.submit("letter", 2, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
      w.add("receipt", "ben", { submit_id, phrase: "thanks" });
      return w;
    },
  ],
  "the writer answers in a reader's place": [
    "not-entitled",
    async () => {
      const w = await settled();
      const submit_id = w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
      w.add("receipt", "ann", { submit_id, phrase: "thanks" });
      return w;
    },
  ],
  "a lead answers in a reader's place": [
    "not-entitled",
    async () => {
      const w = await settled();
      const submit_id = w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
      w.add("receipt", "lead", { submit_id, phrase: "thanks" });
      return w;
    },
  ],
  "a reader answers twice": [
    "repeated",
    async () => {
      const w = await settled();
      const submit_id = w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
      w.add("receipt", "ben", { submit_id, phrase: "thanks" });
      w.add("receipt", "ben", { submit_id, phrase: "will-write" });
      return w;
    },
  ],
  "a reader answers a decision": [
    "wrong-kind",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      const submit_id = w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
      w.add("receipt", "ben", { submit_id, phrase: "thanks" });
      return w;
    },
  ],
};
