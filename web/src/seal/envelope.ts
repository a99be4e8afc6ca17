/** DSSE envelopes: signing statements, and reading them before any field is used. */

import { base64, type Bytes, hex, unbase64 } from "./bytes.ts";
import { type SigningKey, VerifyingKey } from "./key.ts";
import { readJson } from "./json.ts";
import { ensure } from "./refusal.ts";
import { list, matching, type Of, record } from "./shape.ts";
import { type Fields, type Kind, payloadType, read, type Statement, write } from "./statement.ts";

const string = matching(/^[\x20-\x7e]*$/);
/** The order of these keys is the surrounding document's business; the body inside stays strict. */
const isEnvelope = record({
  payloadType: string,
  payload: string,
  signatures: list(record({ keyid: string, sig: string }), 1, 2),
});

/** The wire and stored form; binary fields are padded base64. */
export type Envelope = Of<typeof isEnvelope>;

/** A strictly read statement and its signatures, not yet verified. */
export interface Signed {
  readonly statement: Statement;
  readonly signatures: readonly Bytes[];
}

/** Signs a statement: with one key, or for `enrol` the invite's key and then the new one. */
export function sign<K extends Kind>(
  kind: K,
  realm: string,
  signer: string,
  fields: Fields<K>,
  ...keys: SigningKey[]
): Envelope {
  const body = write(kind, realm, signer, fields);
  const { signed } = read(payloadType(kind), body);
  return {
    payloadType: payloadType(kind),
    payload: base64(body),
    signatures: keys.map((key) => ({ keyid: signer, sig: base64(key.sign(signed)) })),
  };
}

/** Reads an envelope; `keyid` must repeat the signer the body names. */
export function readEnvelope(envelope: unknown): Signed {
  ensure(isEnvelope(envelope), "malformed");
  const statement = read(envelope.payloadType, unbase64(envelope.payload, "malformed"));
  const wanted = statement.kind === "enrol" ? 2 : 1;
  ensure(envelope.signatures.length === wanted, "malformed");
  const signatures = envelope.signatures.map(({ sig }) => unbase64(sig, "malformed"));
  ensure(
    signatures.every(({ length }) => length === 64),
    "malformed",
  );
  const { signer } = statement.body;
  ensure(
    envelope.signatures.every(({ keyid }) => keyid === signer),
    "wrong-key-hint",
  );
  return { statement, signatures };
}

/** Reads the exact stored bytes of an envelope: compact JSON in the one order of its keys. */
export function parseEnvelope(json: string): Signed {
  const { payloadType, payload, signatures } = readJson(json, isEnvelope, "malformed");
  const ordered = { payloadType, payload, signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })) };
  ensure(JSON.stringify(ordered) === json, "malformed");
  return readEnvelope(ordered);
}

/** Signatures that stand: the same certificates come with the proof of every letter. */
const verified = new Set<string>();

/** Refuses unless `key` signed; an `enrol` must be signed by the new key it names as well. */
export function verify({ statement, signatures }: Signed, key: VerifyingKey): void {
  const keys = statement.kind === "enrol" ? [key, VerifyingKey.fromHex(statement.body.sign_key)] : [key];
  keys.forEach((each, i) => {
    const signature = signatures[i] ?? none;
    const name = `${statement.id} ${hex(each.bytes)} ${hex(signature)}`;
    if (verified.has(name)) return;
    ensure(each.verifies(statement.signed, signature), "bad-signature");
    verified.add(name);
  });
}

const none = new Uint8Array();

/** The id of an envelope's statement, as hex. */
export function idOf(envelope: Envelope): string {
  return readEnvelope(envelope).statement.id;
}
