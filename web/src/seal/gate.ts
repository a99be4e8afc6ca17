/**
 * The words gate: RFC 9497 OPRF, ristretto255-SHA512, client side. The server's key hardens the
 * words without the server learning them; each guess at them costs one counted request.
 */

import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { type Bytes, utf8 } from "./bytes.ts";
import { Refusal, ensure } from "./refusal.ts";

const { oprf } = ristretto255_oprf;

/** A blinded request and the way to read its answer. */
export interface GateRequest {
  /** 32 bytes for the server. */
  readonly blinded: Bytes;
  /** Turns the server's 32 bytes into the 64-byte output. */
  finish(evaluated: Uint8Array): Bytes;
}

/** Blinds normalised words with a fresh random scalar. */
export function ask(words: string): GateRequest {
  const input = utf8(words);
  const { blind, blinded } = oprf.blind(input);
  return {
    blinded,
    finish(evaluated) {
      ensure(evaluated.length === 32, "bad-gate-answer");
      try {
        return oprf.finalize(input, blind, evaluated);
      } catch (cause) {
        throw new Refusal("bad-gate-answer", { cause });
      }
    },
  };
}
