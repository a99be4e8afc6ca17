/**
 * Statement bodies: one table per kind, giving key order, types and limits (protocol,
 * "Statements"). Reading refuses a body that re-serialising does not reproduce byte for byte,
 * so a duplicate, unknown or reordered key, a float, or a second spelling of a number is refused.
 */

import { type Bytes, concat, hash, text, utf8 } from "./bytes.ts";
import { isRecipient } from "./file.ts";
import { readJson } from "./json.ts";
import { isKey } from "./key.ts";
import { ensure } from "./refusal.ts";
import { ascending, boolean, integer, list, matching, object, oneOf, type Of, type Shape } from "./shape.ts";

const id = matching(/^[0-9a-f]{32}$/);
const idOrNone = matching(/^([0-9a-f]{32})?$/);
const digest = matching(/^[0-9a-f]{64}$/);
const digestOrNone = matching(/^([0-9a-f]{64})?$/);
const reason = oneOf("left", "lost", "compromised", "mistake", "replaced");
const natural = integer(0);
const positive = integer(1);
/** A calendar day of the years 0001 to 9999. */
const day = (value: unknown): value is string => {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d$/.test(value) || value < "0001") return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === value;
};
const classical = (value: unknown): value is string =>
  typeof value === "string" && isRecipient(value, "x25519");
const hybrid = (value: unknown): value is string => typeof value === "string" && isRecipient(value, "hybrid");
const sortedSet = (of: Shape<string>, min: number, max: number) =>
  ascending(list(of, min, max), (item) => item);

export const FAMILY_ROLES = [
  "adoptive-parent",
  "special-guardian",
  "kinship-carer",
  "adopted-person",
  "birth-parent",
  "grandparent",
  "sibling",
  "other-relative",
  "former-carer",
  "significant-person",
] as const;
export const STAFF_ROLES = ["coordinator", "lead", "administrator", "auditor", "records"] as const;

/** `ct_len` of the five plaintext buckets: 16 and 256 KiB, 1, 4 and 16 MiB. */
export const LETTER_SIZES = [16584, 262392, 1049016, 4195512, 16781496] as const;
const letterSize: Shape<number> = oneOf(...LETTER_SIZES);

/** Longest body read, in bytes: a decision with 64 grants and attachments fits. */
const MOST_BYTES = 96 * 1024;

const KINDS = {
  agency: {
    n: positive,
    prev: digestOrNone,
    log_key: isKey,
    notifier_key: classical,
    archive_key: hybrid,
    from: natural,
  },
  staff: {
    staff: id,
    person: id,
    enrol_id: digest,
    sign_key: isKey,
    seal_key: hybrid,
    roles: sortedSet(oneOf(...STAFF_ROLES), 1, 5),
    teams: sortedSet(id, 0, 64),
    from: natural,
    until: natural,
    prior: digestOrNone,
  },
  epoch: {
    team: id,
    n: positive,
    review_key: hybrid,
    archive_key: hybrid,
    prev: digestOrNone,
    prev_secret_hash: digestOrNone,
  },
  invite: {
    invite: id,
    membership: idOrNone,
    arrangement: idOrNone,
    role: oneOf(...FAMILY_ROLES, ...STAFF_ROLES),
    card_hash: digestOrNone,
    invite_key: isKey,
    root_tag: digest,
    until: natural,
  },
  enrol: { invite_id: digest, sign_key: isKey, seal_key: hybrid },
  member: {
    membership: id,
    arrangement: id,
    role: oneOf(...FAMILY_ROLES),
    enrol_id: digest,
    sign_key: isKey,
    seal_key: hybrid,
    card_hash: digest,
    until: natural,
    met: boolean,
    replaces: digestOrNone,
    prior: digestOrNone,
  },
  arrangement: {
    arrangement: id,
    n: positive,
    prev: digestOrNone,
    team: id,
    reviewers: integer(1, 9),
    members: ascending(
      list(
        object({
          membership: id,
          side: matching(/^[a-f]$/),
          cert_id: digestOrNone,
          read: boolean,
          write: boolean,
        }),
        1,
        64,
      ),
      ({ membership }) => membership,
    ),
    plan_hash: digest,
    notes_hash: digest,
    prior: digestOrNone,
  },
  submit: {
    letter: id,
    rev: positive,
    prev: digestOrNone,
    arrangement: id,
    arrangement_id: digest,
    author: id,
    to: sortedSet(id, 1, 64),
    ct_hash: digest,
    ct_len: letterSize,
    key_hash: digest,
    team: id,
    epoch_id: digest,
    grant_hash: digest,
    archive_grant_hash: digest,
    self_grant_hash: digest,
    day,
  },
  withdraw: { letter: id, submit_id: digest },
  decision: {
    submit_id: digest,
    arrangement_id: digest,
    outcome: oneOf("deliver", "change", "keep"),
    step: positive,
    prior: digestOrNone,
    grants: ascending(
      list(object({ membership: id, cert_id: digest, grant_hash: digest }), 0, 64),
      ({ membership }) => membership,
    ),
    attached: list(
      object({
        kind: oneOf("comment", "note", "team"),
        membership: idOrNone,
        cert_id: digestOrNone,
        ct_hash: digest,
        ct_len: letterSize,
        key_hash: digest,
        grant_hash: digestOrNone,
        review_grant_hash: digest,
        archive_grant_hash: digest,
      }),
      0,
      64,
    ),
    log_size: positive,
    log_root: digest,
    time: natural,
  },
  message: {
    message: id,
    arrangement: id,
    about: oneOf("worry", "look", "plan", "help"),
    subject_id: digestOrNone,
    ct_hash: digest,
    ct_len: letterSize,
    key_hash: digest,
    epoch_id: digest,
    grant_hash: digest,
    archive_grant_hash: digest,
    day,
  },
  reseal: {
    decision_id: digest,
    membership: id,
    cert_id: digest,
    grant_hash: digestOrNone,
    reason,
    prior: digestOrNone,
  },
  revoke: { target_id: digest, reason },
  contact: { membership: id, n: positive, sealed_hash: digest, channel: oneOf("email", "text", "post") },
  receipt: { submit_id: digest, phrase: oneOf("thanks", "will-write") },
} as const;

type Kinds = typeof KINDS;
export type Kind = keyof Kinds;

/** A body's fields after `v, realm, signer`. */
export type Fields<K extends Kind> = { readonly [F in keyof Kinds[K]]: Of<Kinds[K][F]> };
export type Body<K extends Kind> = {
  readonly v: 1;
  readonly realm: string;
  readonly signer: string;
} & Fields<K>;

/** A body that was read strictly. `id` = SHA-256(PAE), as hex. */
export type Statement<K extends Kind = Kind> = {
  [P in K]: { readonly kind: P; readonly id: string; readonly body: Body<P>; readonly signed: Bytes };
}[K];

/** What goes together: rules of form between fields of one body. */
const RULES: { readonly [K in Kind]?: (body: Body<K>) => boolean } = {
  agency: ({ n, prev }) => (n === 1) === (prev === ""),
  epoch: ({ n, prev, prev_secret_hash }) =>
    (n === 1) === (prev === "") && (n === 1) === (prev_secret_hash === ""),
  invite({ role, membership, arrangement, card_hash }) {
    const staff = isStaffRole(role);
    return (membership === "") === staff && (arrangement === "") === staff && (!staff || card_hash === "");
  },
  enrol: ({ signer, invite_id }) => signer === invite_id,
  member: ({ replaces, prior, met }) => replaces !== "" || (prior === "" && !met),
  arrangement: ({ n, prev }) => (n === 1) === (prev === ""),
  submit: ({ rev, prev }) => (rev === 1) === (prev === ""),
  decision: ({ attached }) =>
    attached.every(({ kind, membership, cert_id, grant_hash }) =>
      [membership, cert_id, grant_hash].every((field) => (field === "") === (kind === "team")),
    ),
  message: ({ about, subject_id }) => about !== "look" || subject_id !== "",
  reseal: ({ prior, grant_hash }) => (prior === "") === (grant_hash === ""),
};

export function isStaffRole(role: string): boolean {
  return (STAFF_ROLES as readonly string[]).includes(role);
}

/** Narrows a statement to one kind. */
export function isOf<K extends Kind>(statement: Statement, kind: K): statement is Statement & Statement<K> {
  return statement.kind === kind;
}

const SHAPES = Object.fromEntries(
  Object.entries(KINDS).map(([kind, fields]) => [
    kind,
    object({ v: oneOf(1), realm: digest, signer: digestOrNone, ...fields }),
  ]),
) as Record<Kind, Shape<unknown>>;

export const payloadType = (kind: Kind): string => `application/vnd.postern.${kind}.v1+json`;

/** The kind a payload type names, or null. */
function kindOf(type: string): Kind | null {
  const kind = /^application\/vnd\.postern\.([a-z]+)\.v1\+json$/.exec(type)?.[1];
  return kind !== undefined && Object.hasOwn(SHAPES, kind) ? (kind as Kind) : null;
}

/** DSSE v1 pre-authentication encoding: the bytes that are signed and hashed to the id. */
function preAuthenticate(type: string, body: Uint8Array): Bytes {
  return concat(utf8(`DSSEv1 ${utf8(type).length} ${type} ${body.length} `), body);
}

/** Writes a body in its key order. Refuses values its own reader would refuse. */
export function write<K extends Kind>(kind: K, realm: string, signer: string, fields: Fields<K>): Bytes {
  const ordered: Record<string, unknown> = { v: 1, realm, signer };
  for (const name of Object.keys(KINDS[kind])) ordered[name] = (fields as Record<string, unknown>)[name];
  const body = utf8(JSON.stringify(ordered));
  read(payloadType(kind), body);
  return body;
}

/** Reads one body strictly. */
export function read(type: string, bytes: Uint8Array): Statement {
  const kind = kindOf(type);
  ensure(kind !== null, "unknown-kind");
  ensure(bytes.length <= MOST_BYTES, "malformed");
  // Every shape's strings are printable ASCII without quotes or backslashes, so the body is too.
  const body = readJson(text(bytes, "malformed"), SHAPES[kind], "malformed");
  ensure((RULES[kind] as ((body: unknown) => boolean) | undefined)?.(body) ?? true, "malformed");
  const signed = preAuthenticate(type, bytes);
  return { kind, id: hash(signed), body, signed } as Statement;
}

/** Every statement id a body names, its signer first; the log must hold them all before it. */
export function references({ kind, body }: Statement): string[] {
  const own: readonly string[] = (() => {
    switch (kind) {
      case "agency":
      case "epoch":
        return [body.prev];
      case "staff":
        return [body.enrol_id, body.prior];
      case "enrol":
        return [body.invite_id];
      case "member":
        return [body.enrol_id, body.replaces, body.prior];
      case "arrangement":
        return [body.prev, ...body.members.map((member) => member.cert_id), body.prior];
      case "submit":
        return [body.prev, body.arrangement_id, body.epoch_id];
      case "withdraw":
      case "receipt":
        return [body.submit_id];
      case "decision":
        return [
          body.submit_id,
          body.arrangement_id,
          body.prior,
          ...body.grants.map((grant) => grant.cert_id),
          ...body.attached.map((attached) => attached.cert_id),
        ];
      case "message":
        return [body.subject_id, body.epoch_id];
      case "reseal":
        return [body.decision_id, body.cert_id, body.prior];
      case "revoke":
        return [body.target_id];
      case "invite":
      case "contact":
        return [];
    }
  })();
  return [...new Set([body.signer, ...own])].filter((reference) => reference !== "");
}
