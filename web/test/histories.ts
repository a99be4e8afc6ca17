/**
 * Whole histories: good ones, and attacks whose last statement must be refused with one code.
 * `npm run vectors` writes them for Rust, which must give the same verdict at the same index.
 */

import { type Envelope, idOf } from "../src/seal/envelope.ts";
import { base64, text, unbase64, utf8 } from "../src/seal/bytes.ts";
import { SigningKey } from "../src/seal/key.ts";
import { FAMILY, hashFor, idFor, seedOf, settled, World } from "./world.ts";

export interface History {
  readonly name: string;
  readonly root: string;
  readonly realm: string;
  readonly statements: readonly Envelope[];
  readonly refuses: { readonly index: number; readonly code: string } | null;
}

type Build = () => Promise<World>;

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
    await w.manager("south lead", ["lead"], "south");
    await w.epoch("south", "south lead");
    const fields = w.arrangementFields("first", 2, "south", 1, FAMILY);
    const prior = w.add("arrangement", "lead", fields);
    const moved = w.add("arrangement", "south lead", { ...fields, prior });
    w.latest.set("first", moved);
    w.submit("letter", 1, "first", "south", "ann", ["ben"]);
    return w;
  },
  "an agency changes its keys, a team its epoch, a person leaves": async () => {
    const w = await settled(1, "other");
    await w.epoch("north", "lead", 2);
    w.add("revoke", "lead", { target_id: w.person("other").certificate, reason: "left" });
    w.add("contact", "ben", { membership: idFor("ben"), n: 1, sealed_hash: hashFor("contact"), channel: "email" });
    await w.agency(2, idOf(w.envelopes[0] as Envelope), "new archive");
    w.submit("letter", 1, "first", "north", "ann", ["ben"]);
    return w;
  },
};

/** Histories whose last statement is refused, by code. */
const ATTACKS: Record<string, [string, Build]> = {
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
      const first = w.add("staff", "lead", await w.staffFields("friend", enrolId, ["coordinator"], ["north"]));
      w.add("staff", "lead", await w.staffFields("friend", enrolId, ["coordinator"], ["north"], first));
      return w;
    },
  ],
  "the second half says something else": [
    "wrong-chain",
    async () => {
      const w = await settled();
      const enrolId = await w.join("friend", "coordinator", "lead");
      const first = w.add("staff", "lead", await w.staffFields("friend", enrolId, ["coordinator"], ["north"]));
      w.add("staff", "admin", await w.staffFields("friend", enrolId, ["coordinator", "records"], ["north"], first));
      return w;
    },
  ],
  "a first half signs": [
    "unknown-signer",
    async () => {
      const w = await settled();
      const enrolId = await w.join("friend", "coordinator", "lead");
      const first = w.add("staff", "lead", await w.staffFields("friend", enrolId, ["coordinator"], ["north"]));
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
      w.add("member", "coord", { ...(await w.memberFields("dee", "second", enrolId)), membership: idFor("eve") });
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
  "a member decides": [
    "not-entitled",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.decide("ann", "letter", "first", "deliver", 1, ["ben"]);
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
      const members = fields.members.map((entry) => (entry.cert_id === "" ? entry : { ...entry, cert_id: w.person("ann").certificate }));
      w.add("arrangement", "coord", { ...fields, members });
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
      w.arrangement("first", "coord", 2, "north", 1, FAMILY.map((place) => ({ ...place, write: place.name !== "ann" })));
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      return w;
    },
  ],
  "a letter is delivered after its writer lost the right": [
    "no-write-right",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      w.arrangement("first", "coord", 2, "north", 1, FAMILY.map((place) => ({ ...place, write: place.name !== "ann" })));
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
  "an epoch seals to another archive": [
    "wrong-archive",
    async () => {
      const w = await settled();
      const { review_key } = await w.epochFields("south");
      w.add("epoch", "lead", { ...(await w.epochFields("north", 2)), archive_key: review_key });
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
  "a letter is resealed": [
    "not-yet",
    async () => {
      const w = await settled();
      w.submit("letter", 1, "first", "north", "ann", ["ben"]);
      const decision_id = w.decide("coord", "letter", "first", "deliver", 1, ["ben"]);
      const cert_id = w.person("ben").certificate;
      w.add("reseal", "coord", { decision_id, membership: idFor("ben"), cert_id, grant_hash: "", reason: "lost", prior: "" });
      return w;
    },
  ],
};

/** An attachment to somebody, or to the team. */
function attached(w: World, kind: "comment" | "note" | "team", to: string) {
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
async function replaceAnn(w: World, second = "lead"): Promise<void> {
  const replaces = w.person("ann").certificate;
  const inviteId = w.add("invite", "coord", { ...w.inviteFields("ann", "birth-parent", "first"), invite: idFor("again") });
  w.people.set("ann", { name: "ann", key: new SigningKey(seedOf("ann again")), certificate: "" });
  const enrolId = await w.enrol("ann", inviteId);
  const first = w.add("member", "coord", await w.memberFields("ann", "first", enrolId, replaces));
  w.person("ann").certificate = w.add("member", second, await w.memberFields("ann", "first", enrolId, replaces, first));
}

export async function histories(): Promise<History[]> {
  const of = (name: string, w: World, refuses: History["refuses"]): History => ({
    name,
    root: w.root.public,
    realm: w.realm,
    statements: w.envelopes,
    refuses,
  });
  const written: History[] = [];
  for (const [name, build] of Object.entries(GOOD)) written.push(of(name, await build(), null));
  for (const [name, [code, build]] of Object.entries(ATTACKS)) {
    const w = await build();
    written.push(of(name, w, { index: w.envelopes.length - 1, code }));
  }
  return written;
}
