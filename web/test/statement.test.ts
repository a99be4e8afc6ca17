import assert from "node:assert/strict";
import { test } from "node:test";
import { base64, hex, unbase64, unhex, utf8 } from "../src/seal/bytes.ts";
import { type Envelope, readEnvelope, sign, verify } from "../src/seal/envelope.ts";
import { SigningKey, VerifyingKey } from "../src/seal/key.ts";
import { refusal } from "./fixtures.ts";

const seed = unhex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
const key = new SigningKey(seed);
const realm = "0".repeat(64);
const signer = "1".repeat(64);
const envelope = sign("withdraw", realm, signer, { letter: "2".repeat(32), submit_id: "3".repeat(64) }, key);


const withBody = (json: string, type = envelope.payloadType): Envelope => ({
  ...envelope,
  payloadType: type,
  payload: base64(utf8(json)),
});
const body = new TextDecoder().decode(unbase64(envelope.payload));

test("the protocol's check value is reproduced", () => {
  const { statement, signatures } = readEnvelope(envelope);
  assert.equal(statement.id, "b7b0755bf8c7f72500d312cd6742845fcbd936314e69b818da18aa9f7dcb9ac6");
  assert.equal(
    hex(signatures[0] as Uint8Array),
    "6331031367163d31d76a4f6e64179284825b0058cb814e70df5d2d8c7ab4c6223ee63f7423515421890f3f09bec5270213154d4cae2f10248c4285cc271a8c02",
  );
  verify(readEnvelope(envelope), VerifyingKey.fromHex(key.public));
});

test("a statement relabelled as another kind is refused", () => {
  const relabelled = { ...envelope, payloadType: envelope.payloadType.replace("withdraw", "revoke") };
  assert.throws(() => readEnvelope(relabelled), refusal("malformed"));
  for (const kind of ["Withdraw", "toString", "withdraw.v1+json; charset=x", "constructor"]) {
    assert.throws(() => readEnvelope(withBody(body, `application/vnd.postern.${kind}.v1+json`)), refusal("unknown-kind"));
  }
});

test("every spelling of a body but one is refused", () => {
  const spellings: Record<string, string> = {
    "a duplicate key": body.replace('"letter"', '"letter":"x","letter"'),
    "an unknown key": body.replace("}", ',"note":""}'),
    "an unknown prototype key": body.replace("}", ',"__proto__":""}'),
    "a missing key": body.replace(/,"submit_id":"\d+"/, ""),
    "reordered keys": body.replace(/("letter":"\d+"),("submit_id":"\d+")/, "$2,$1"),
    "white space": body.replace(":", ": "),
    "a trailing line feed": `${body}\n`,
    "an escaped character": body.replace("withdraw", "").replace('"2', '"\\u0032'),
    "a float": body.replace('"v":1', '"v":1.0'),
    "an exponent": body.replace('"v":1', '"v":1e0'),
    "a string for a number": body.replace('"v":1', '"v":"1"'),
    "another version": body.replace('"v":1', '"v":2'),
    "null for a string": body.replace(/"signer":"1+"/, '"signer":null'),
    "uppercase hex": body.replace("2".repeat(32), "A".repeat(32)),
    "a short id": body.replace("2".repeat(32), "2".repeat(31)),
    "an array": "[1]",
    "nothing": "",
  };
  assert.equal(readEnvelope(withBody(body)).statement.kind, "withdraw");
  for (const [what, json] of Object.entries(spellings)) {
    assert.throws(() => readEnvelope(withBody(json)), refusal("malformed"), what);
  }
});

test("an envelope names its signer and has no room for anything else", () => {
  const [signature] = envelope.signatures;
  const hint = { ...envelope, signatures: [{ ...signature, keyid: "" }] };
  assert.throws(() => readEnvelope(hint), refusal("wrong-key-hint"));
  const wrong: unknown[] = [
    { ...envelope, signatures: [] },
    { ...envelope, signatures: [signature, signature] },
    { ...envelope, note: "" },
    { payload: envelope.payload, payloadType: envelope.payloadType, signatures: envelope.signatures },
    null,
  ];
  for (const value of wrong) assert.throws(() => readEnvelope(value), refusal("malformed"));
});

test("a signature by another key, or over another body, is refused", () => {
  const other = VerifyingKey.fromHex(SigningKey.generate().public);
  assert.throws(() => verify(readEnvelope(envelope), other), refusal("bad-signature"));
  const altered = withBody(body.replace("2".repeat(32), "4".repeat(32)));
  assert.throws(() => verify(readEnvelope(altered), VerifyingKey.fromHex(key.public)), refusal("bad-signature"));
});

test("a body this library would refuse to read is never signed", () => {
  const fields = { letter: 'x"', submit_id: "3".repeat(64) };
  assert.throws(() => sign("withdraw", realm, signer, fields, key), refusal("malformed"));
});
