/** AES-256-GCM with the 12-byte nonce first, by WebCrypto. */

import { type Bytes, concat, random } from "./bytes.ts";
import { Refusal, ensure } from "./refusal.ts";

const NONCE = 12;
const TAG = 16;

async function keyOf(key: Uint8Array): Promise<CryptoKey> {
  ensure(key.length === 32, "bad-key");
  return crypto.subtle.importKey("raw", new Uint8Array(key), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** nonce ‖ ciphertext ‖ tag under a fresh random nonce. */
export async function sealBox(key: Uint8Array, plaintext: Uint8Array, additionalData: Bytes): Promise<Bytes> {
  const iv = random(NONCE);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData },
    await keyOf(key),
    new Uint8Array(plaintext),
  );
  return concat(iv, new Uint8Array(sealed));
}

export async function openBox(key: Uint8Array, sealed: Uint8Array, additionalData: Bytes): Promise<Bytes> {
  ensure(sealed.length >= NONCE + TAG, "cannot-open");
  const iv = new Uint8Array(sealed.subarray(0, NONCE));
  try {
    const box = new Uint8Array(sealed.subarray(NONCE));
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, await keyOf(key), box),
    );
  } catch (cause) {
    throw new Refusal("cannot-open", { cause });
  }
}
