/** Attacks on who is who: the last statement must be refused with the code. */

import { base64, utf8 } from "../src/seal/bytes.ts";
import { type Envelope, idOf } from "../src/seal/envelope.ts";
import { SigningKey } from "../src/seal/key.ts";
import { type Attacks, replaceAnn } from "./acts.ts";
import { FAMILY, idFor, seedOf, settled, World } from "./world.ts";

export const ATTACKS_ON_PEOPLE: Attacks = {
  "a log begins without the agency": [
    "no-agency",
    async () => {
      const w = new World();
      w.add("invite", "", w.inviteFields("admin", "administrator"));
      return w;
    },
  ],
  "another root signs": [
    "bad-signature",
    async () => {
      const w = new World();
      await w.agency();
      const [envelope] = w.envelopes as [Envelope];
      const other = new SigningKey(seedOf("other root")).sign(utf8("x"));
      w.envelopes[0] = { ...envelope, signatures: [{ keyid: "", sig: base64(other) }] };
      return w;
    },
  ],
  "a statement is logged twice": [
    "repeated",
    async () => {
      const w = await settled();
      w.push(w.envelopes[3] as Envelope);
      return w;
    },
  ],
  "an agency skips a version": [
    "wrong-version",
    async () => {
      const w = await settled();
      await w.agency(3, idOf(w.envelopes[0] as Envelope));
      return w;
    },
  ],
  "a lead certifies a lead": [
    "not-entitled",
    async () => {
      const w = await settled();
      const enrolId = await w.join("friend", "lead", "lead");
      w.add("staff", "lead", await w.staffFields("friend", enrolId, ["lead"], ["north"]));
      return w;
    },
  ],
  "a lead certifies for another team": [
    "not-entitled",
    async () => {
      const w = await settled();
      const enrolId = await w.join("friend", "coordinator", "lead");
      w.add("staff", "lead", await w.staffFields("friend", enrolId, ["coordinator"], ["south"]));
      return w;
    },
  ],
  "one person signs both halves": [
    "same-person",
    async () => {
      const w = await settled();
      const enrolId = await w.join("friend", "coordinator", "lead");
      const first = w.add(
        "staff",
        "lead",
        await w.staffFields("friend", enrolId, ["coordinator"], ["north"]),
      );
      w.add("staff", "lead", await w.staffFields("friend", enrolId, ["coordinator"], ["north"], first));
      return w;
    },
  ],
  "the second half says something else": [
    "wrong-chain",
    async () => {
      const w = await settled();
      const enrolId = await w.join("friend", "coordinator", "lead");
      const first = w.add(
        "staff",
        "lead",
        await w.staffFields("friend", enrolId, ["coordinator"], ["north"]),
      );
      w.add(
        "staff",
        "admin",
        await w.staffFields("friend", enrolId, ["coordinator", "records"], ["north"], first),
      );
      return w;
    },
  ],
  "a first half signs": [
    "unknown-signer",
    async () => {
      const w = await settled();
      const enrolId = await w.join("friend", "coordinator", "lead");
      const first = w.add(
        "staff",
        "lead",
        await w.staffFields("friend", enrolId, ["coordinator"], ["north"]),
      );
      w.person("friend").certificate = first;
      w.arrangement("second", "friend", 1, "north", 1, [{ name: "dee", side: "a", paper: true }]);
      return w;
    },
  ],
  "the keys are not those enrolled": [
    "wrong-keys",
    async () => {
      const w = await settled();
      const enrolId = await w.join("dee", "birth-parent", "coord", "second");
      const fields = await w.memberFields("dee", "second", enrolId);
      w.add("member", "coord", { ...fields, sign_key: new SigningKey(seedOf("server")).public });
      return w;
    },
  ],
  "an enrolment is used for another membership": [
    "wrong-invite",
    async () => {
      const w = await settled();
      const enrolId = await w.join("dee", "birth-parent", "coord", "second");
      w.add("member", "coord", {
        ...(await w.memberFields("dee", "second", enrolId)),
        membership: idFor("eve"),
      });
      return w;
    },
  ],
  "an invite is used twice": [
    "invite-used",
    async () => {
      const w = await settled();
      const inviteId = w.add("invite", "coord", w.inviteFields("dee", "birth-parent", "second"));
      await w.enrol("dee", inviteId);
      await w.enrol("eve", inviteId, w.inviteKey("dee"));
      return w;
    },
  ],
  "somebody without the code enrols": [
    "bad-signature",
    async () => {
      const w = await settled();
      const inviteId = w.add("invite", "coord", w.inviteFields("dee", "birth-parent", "second"));
      await w.enrol("dee", inviteId, new SigningKey(seedOf("server")));
      return w;
    },
  ],
  "a member is certified twice": [
    "already-certified",
    async () => {
      const w = await settled();
      const fields = { ...w.inviteFields("ann", "birth-parent", "first"), invite: idFor("again") };
      const inviteId = w.add("invite", "coord", fields);
      w.people.set("ann", { name: "ann", key: new SigningKey(seedOf("ann again")), certificate: "" });
      const enrolId = await w.enrol("ann", inviteId);
      w.add("member", "coord", await w.memberFields("ann", "first", enrolId));
      return w;
    },
  ],
  "one person replaces a member's keys": [
    "same-person",
    async () => {
      const w = await settled();
      await replaceAnn(w, "coord");
      return w;
    },
  ],
  "a coordinator raises the number of reviewers": [
    "not-entitled",
    async () => {
      const w = await settled();
      w.arrangement("first", "coord", 2, "north", 2, FAMILY);
      return w;
    },
  ],
  "a lead takes an arrangement alone": [
    "not-entitled",
    async () => {
      const w = await settled();
      await w.manager("south lead", ["lead"], "south");
      w.arrangement("first", "south lead", 2, "south", 1, FAMILY);
      return w;
    },
  ],
  "an arrangement names another's certificate": [
    "wrong-certificate",
    async () => {
      const w = await settled();
      const fields = w.arrangementFields("first", 2, "north", 1, FAMILY);
      const members = fields.members.map((entry) =>
        entry.cert_id === "" ? entry : { ...entry, cert_id: w.person("ann").certificate },
      );
      w.add("arrangement", "coord", { ...fields, members });
      return w;
    },
  ],
  "an epoch seals to another archive": [
    "wrong-archive",
    async () => {
      const w = await settled();
      const { review_key } = await w.epochFields("south");
      w.add("epoch", "lead", { ...(await w.epochFields("north", 2)), archive_key: review_key });
      return w;
    },
  ],
};
