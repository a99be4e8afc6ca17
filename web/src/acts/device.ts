/**
 * The device wrap: K under an AES-256-GCM key that this browser keeps and cannot give out. Never
 * the only wrap. Its box: nonce ‖ ciphertext ‖ tag, bound to the account.
 */

import { random, utf8 } from "../seal/index.ts";
import { Untrusted } from "./errors.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const NONCE = 12;

const boundTo = (account: string): Bytes => utf8(`postern-device/1 ${account}`);

export function makeKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function seal(own: CryptoKey, account: string, key: Bytes): Promise<Bytes> {
  const iv = random(NONCE);
  const how = { name: "AES-GCM", iv, additionalData: boundTo(account) };
  const box = new Uint8Array(await crypto.subtle.encrypt(how, own, key));
  const sealed = new Uint8Array(NONCE + box.length);
  sealed.set(iv);
  sealed.set(box, NONCE);
  return sealed;
}

export async function open(own: CryptoKey, account: string, sealed: Bytes): Promise<Bytes> {
  const how = { name: "AES-GCM", iv: sealed.slice(0, NONCE), additionalData: boundTo(account) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, own, sealed.slice(NONCE)));
  } catch (cause) {
    throw new Untrusted("cannot-open", { cause });
  }
}
