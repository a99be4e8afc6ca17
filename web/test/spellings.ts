/** One statement, and spellings of it that must be refused. */

import { base64, text, unbase64, unhex, utf8 } from "../src/seal/bytes.ts";
import { type Envelope, sign } from "../src/seal/envelope.ts";
import { SigningKey } from "../src/seal/key.ts";

/** The key, body and envelope of the protocol's check value. */
export const key = new SigningKey(unhex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
export const realm = "0".repeat(64);
export const signer = "1".repeat(64);
export const envelope = sign(
  "withdraw",
  realm,
  signer,
  { letter: "2".repeat(32), submit_id: "3".repeat(64) },
  key,
);
export const body = text(unbase64(envelope.payload));

export const withBody = (json: string, payloadType = envelope.payloadType): Envelope => ({
  ...envelope,
  payloadType,
  payload: base64(utf8(json)),
});

const bodies: Record<string, string> = {
  "a duplicate key": body.replace('"letter"', '"letter":"x","letter"'),
  "an unknown key": body.replace("}", ',"note":""}'),
  "an unknown prototype key": body.replace("}", ',"__proto__":""}'),
  "a missing key": body.replace(/,"submit_id":"\d+"/, ""),
  "reordered keys": body.replace(/("letter":"\d+"),("submit_id":"\d+")/, "$2,$1"),
  "white space": body.replace(":", ": "),
  "a trailing line feed": `${body}\n`,
  "a byte-order mark": `\ufeff${body}`,
  "an escaped character": body.replace('"2', '"\\u0032'),
  "a float": body.replace('"v":1', '"v":1.0'),
  "an exponent": body.replace('"v":1', '"v":1e0'),
  "a string for a number": body.replace('"v":1', '"v":"1"'),
  "another version": body.replace('"v":1', '"v":2'),
  "null for a string": body.replace(/"signer":"1+"/, '"signer":null'),
  "uppercase hex": body.replace("2".repeat(32), "A".repeat(32)),
  "a short id": body.replace("2".repeat(32), "2".repeat(31)),
  "an array": "[1]",
  nothing: "",
};

const { payloadType, payload, signatures } = envelope;
const [signature] = signatures;
const json = JSON.stringify(envelope);

/** The exact JSON of an envelope, and the code it is refused with. */
export const SPELLINGS: readonly {
  readonly name: string;
  readonly envelope: string;
  readonly code: string;
}[] = [
  ...Object.entries(bodies).map(([name, spelt]) => ({
    name,
    envelope: JSON.stringify(withBody(spelt)),
    code: "malformed",
  })),
  ...["Withdraw", "toString", "constructor", "withdraw.v1+json; charset=x"].map((kind) => ({
    name: `the kind ${kind}`,
    envelope: JSON.stringify(withBody(body, `application/vnd.postern.${kind}.v1+json`)),
    code: "unknown-kind",
  })),
  {
    name: "another kind",
    envelope: JSON.stringify(withBody(body, envelope.payloadType.replace("withdraw", "revoke"))),
    code: "malformed",
  },
  {
    name: "no hint",
    envelope: JSON.stringify({ ...envelope, signatures: [{ ...signature, keyid: "" }] }),
    code: "wrong-key-hint",
  },
  { name: "no signature", envelope: JSON.stringify({ ...envelope, signatures: [] }), code: "malformed" },
  {
    name: "two signatures",
    envelope: JSON.stringify({ ...envelope, signatures: [signature, signature] }),
    code: "malformed",
  },
  {
    name: "an unknown key in the envelope",
    envelope: JSON.stringify({ ...envelope, note: "" }),
    code: "malformed",
  },
  {
    name: "a duplicate key in the envelope",
    envelope: json.replace('"payload"', '"payload":"","payload"'),
    code: "malformed",
  },
  {
    name: "another order of the envelope's keys",
    envelope: JSON.stringify({ payload, payloadType, signatures }),
    code: "malformed",
  },
  { name: "white space in the envelope", envelope: ` ${json}`, code: "malformed" },
  { name: "padding left out", envelope: json.replace(/=+"/, '"'), code: "malformed" },
  { name: "no envelope", envelope: "null", code: "malformed" },
];
