import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { base64, type Bytes, concat, hex, unbase64, unhex, utf8 } from "../src/seal/bytes.ts";
import { parseEnvelope, readEnvelope, sign, verify } from "../src/seal/envelope.ts";
import { SigningKey, VerifyingKey } from "../src/seal/key.ts";
import { payloadType, read } from "../src/seal/statement.ts";
import { ownVectors, refusal } from "./fixtures.ts";
import { body, envelope, key, realm, signer, SPELLINGS, withBody } from "./spellings.ts";
import type { Vectors } from "./vectors.ts";

test("the protocol's check value is reproduced", () => {
  const { statement, signatures } = readEnvelope(envelope);
  assert.equal(statement.id, "b7b0755bf8c7f72500d312cd6742845fcbd936314e69b818da18aa9f7dcb9ac6");
  assert.equal(
    hex(signatures[0] as Uint8Array),
    "6331031367163d31d76a4f6e64179284825b0058cb814e70df5d2d8c7ab4c6223ee63f7423515421890f3f09bec5270213154d4cae2f10248c4285cc271a8c02",
  );
  verify(readEnvelope(envelope), VerifyingKey.fromHex(key.public));
});

for (const { name, envelope: json, code } of SPELLINGS) {
  test(`a statement with ${name} is refused`, () => {
    assert.throws(() => parseEnvelope(json), refusal(code));
  });
}

test("one spelling of an envelope is read, as bytes and inside a larger document", () => {
  assert.deepEqual(parseEnvelope(JSON.stringify(envelope)), readEnvelope(envelope));
  const { payloadType, payload, signatures } = envelope;
  assert.deepEqual(readEnvelope({ signatures, payload, payloadType }), readEnvelope(envelope));
});

test("a signature by another key, or over another body, is refused", () => {
  const other = VerifyingKey.fromHex(SigningKey.generate().public);
  assert.throws(() => verify(readEnvelope(envelope), other), refusal("bad-signature"));
  const altered = withBody(body.replace("2".repeat(32), "4".repeat(32)));
  assert.throws(
    () => verify(readEnvelope(altered), VerifyingKey.fromHex(key.public)),
    refusal("bad-signature"),
  );
});

const samples = ownVectors<Vectors["statements"]>("rust", "statements");
const kinds = [...new Set(samples.map(({ kind }) => kind))];

test("no body of one kind is read as another", () => {
  assert.equal(kinds.length, 15);
  for (const { kind: own, body: bytes } of samples) {
    for (const kind of kinds.filter((each) => each !== own)) {
      assert.throws(() => read(payloadType(kind), utf8(bytes)), refusal("malformed"), `${own} as ${kind}`);
    }
  }
});

/** What is signed: DSSE's encoding of the payload type and the body. */
function encoded(type: string, payload: Uint8Array): Bytes {
  return concat(utf8(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload);
}

test("an envelope labelled as another kind is refused, signed as it was or signed again", () => {
  for (const own of kinds) {
    const { seeds, envelope: genuine } = samples.find(({ kind }) => kind === own) as Vectors["statements"];
    const payload = unbase64(genuine.payload);
    const [signature] = genuine.signatures;
    const signing = new SigningKey(unhex(seeds[0] ?? ""));
    const { statement } = readEnvelope(genuine);
    assert.deepEqual(statement.signed, encoded(payloadType(own), payload), own);
    for (const kind of kinds.filter((each) => each !== own)) {
      const [what, type] = [`${own} as ${kind}`, payloadType(kind)];
      const refused = (signatures: typeof genuine.signatures) => {
        const relabelled = { payloadType: type, payload: genuine.payload, signatures };
        assert.throws(() => parseEnvelope(JSON.stringify(relabelled)), refusal("malformed"), what);
      };
      refused(genuine.signatures);
      // The signature covers the kind: nobody but the key's holder can sign what is relabelled.
      const bytes = encoded(type, payload);
      const verifying = VerifyingKey.fromHex(signing.public);
      assert.ok(!verifying.verifies(bytes, unbase64(signature?.sig ?? "")), what);
      // Its holder signs again, as often as that kind is signed: the body is still another's.
      const again = { keyid: statement.body.signer, sig: base64(signing.sign(bytes)) };
      refused(kind === "enrol" ? [again, again] : [again]);
    }
  }
});

test("a body this library would refuse to read is never signed", () => {
  const fields = { letter: 'x"', submit_id: "3".repeat(64) };
  assert.throws(() => sign("withdraw", realm, signer, fields, key), refusal("malformed"));
});

test("no character of an envelope can change", () => {
  const json = JSON.stringify(envelope);
  const verifying = VerifyingKey.fromHex(key.public);
  fc.assert(
    fc.property(fc.nat(json.length - 1), fc.integer({ min: 1, max: 127 }), (at, change) => {
      const altered =
        json.slice(0, at) + String.fromCharCode(json.charCodeAt(at) ^ change) + json.slice(at + 1);
      assert.throws(() => verify(parseEnvelope(altered), verifying), { name: "Refusal" });
    }),
    { numRuns: 500, seed: 1 },
  );
});
