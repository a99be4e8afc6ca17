/**
 * Ed25519 with one verdict everywhere (protocol, "Encodings").
 *
 * noble's own `verify` is cofactored even with `zip215: false`, and WebCrypto's verdict differs
 * between browsers; dalek's `verify_strict` is neither. So the equation is checked here, on
 * noble's points: a signature stands iff S < ℓ, A and R are canonical and not of small order,
 * A is torsion-free, and the encoding of S·B − k·A equals R byte for byte.
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, equal, hex, random, unhex } from "./bytes.ts";
import { Refusal } from "./refusal.ts";

const { Point } = ed25519;
type Point = InstanceType<typeof Point>;

/** ℓ, the order of the base point. */
const ORDER = Point.Fn.ORDER;

/** Reads a point in its one canonical encoding that is not of small order. */
function decode(bytes: Uint8Array): Point | null {
  try {
    const point = Point.fromBytes(bytes, false);
    return point.isSmallOrder() ? null : point;
  } catch {
    return null;
  }
}

function scalar(littleEndian: Uint8Array): bigint {
  return BigInt(`0x${hex(littleEndian.slice().reverse())}`);
}

/** S·B − k·A. Public inputs only, so variable time is fine. */
function combine(s: bigint, k: bigint, key: Point): Point {
  return Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(k));
}

/** A public key that passed the strict checks. */
export class VerifyingKey {
  /** Keys that passed: a proof names the same few many times, and the checks cost milliseconds. */
  private static readonly known = new Map<string, VerifyingKey>();

  private constructor(
    readonly bytes: Bytes,
    private readonly point: Point,
  ) {}

  /** Reads 32 bytes of lowercase hex; refuses keys not canonical, of small order or with torsion. */
  static fromHex(key: string): VerifyingKey {
    let known = VerifyingKey.known.get(key);
    if (known === undefined) {
      const bytes = unhex(key, 32);
      const point = decode(bytes);
      if (point === null || !point.isTorsionFree()) throw new Refusal("bad-key");
      known = new VerifyingKey(bytes, point);
      VerifyingKey.known.set(key, known);
    }
    return known;
  }

  /** Whether `signature` (64 bytes) over `message` is this key's. */
  verifies(message: Uint8Array, signature: Uint8Array): boolean {
    if (signature.length !== 64) return false;
    const r = signature.subarray(0, 32);
    const s = scalar(signature.subarray(32));
    if (s >= ORDER || decode(r) === null) return false;
    const k = scalar(sha512(concat(r, this.bytes, message))) % ORDER;
    return equal(combine(s, k, this.point).toBytes(), r);
  }
}

/** Whether a value is the hex of a key that `VerifyingKey` takes. */
export function isKey(value: unknown): value is string {
  try {
    return typeof value === "string" && VerifyingKey.fromHex(value) !== null;
  } catch {
    return false;
  }
}

/** A signing key: a 32-byte seed and its public key as hex. */
export class SigningKey {
  readonly public: string;

  constructor(readonly seed: Uint8Array) {
    this.public = hex(ed25519.getPublicKey(seed));
  }

  static generate(): SigningKey {
    return new SigningKey(random(32));
  }

  /** 64 bytes, deterministic (RFC 8032). */
  sign(message: Uint8Array): Bytes {
    return ed25519.sign(message, this.seed);
  }
}
