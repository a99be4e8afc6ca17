/**
 * The words gate: RFC 9497 OPRF in base mode, ristretto255-SHA512, client side. The server's key hardens
 * the words without the server learning them; each guess at them costs one counted request.
 *
 * noble's own OPRF brings the two verifiable modes along, which nothing here asks for: this is its base
 * mode alone, on noble's group.
 */

import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, random, utf8 } from "./bytes.ts";
import { Refusal, ensure } from "./refusal.ts";

const { Point } = ristretto255;
const { Fn } = Point;

/** `"HashToGroup-" || contextString` (RFC 9497, sections 3.1 and 4.1); the mode is 0. */
const TO_GROUP = "HashToGroup-OPRFV1-\0-ristretto255-SHA512";

/** A blinded request and the way to read its answer. */
export interface GateRequest {
  /** 32 bytes for the server. */
  readonly blinded: Bytes;
  /** Turns the server's 32 bytes into the 64-byte output. */
  finish(evaluated: Uint8Array): Bytes;
}

/** Blinds normalised words, with a fresh random scalar if none is given. */
export function ask(words: string, blind: bigint = freshScalar()): GateRequest {
  const input = utf8(words);
  return {
    blinded: bytesOf(ristretto255_hasher.hashToCurve(input, { DST: TO_GROUP }).multiply(blind)),
    finish(evaluated) {
      ensure(evaluated.length === 32, "bad-gate-answer");
      try {
        const point = Point.fromBytes(evaluated);
        // Times the identity, every blind gives the same: such an answer was not made with a key.
        ensure(!point.is0(), "bad-gate-answer");
        const unblinded = bytesOf(point.multiply(Fn.inv(blind)));
        return sha512(concat(counted(input), counted(unblinded), utf8("Finalize"))) as Bytes;
      } catch (cause) {
        throw new Refusal("bad-gate-answer", { cause });
      }
    },
  };
}

/** 512 bits make the remainder uniform (RFC 9497, section 4.7); zero, which noble refuses, never comes. */
function freshScalar(): bigint {
  return Fn.create(bytesToNumberLE(random(64)));
}

function bytesOf(point: InstanceType<typeof Point>): Bytes {
  return point.toBytes() as Bytes;
}

/** The bytes after their length in two, big end first. */
function counted(bytes: Uint8Array): Bytes {
  return concat(Uint8Array.of(bytes.length >> 8, bytes.length), bytes);
}
