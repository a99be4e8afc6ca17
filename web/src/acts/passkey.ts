/**
 * The passkey wrap: K under a key that the phone's own lock gives out (WebAuthn's PRF extension).
 *
 * HKDF-SHA256(ikm the PRF's 32 bytes, empty salt, info `postern-passkey/1 ` ‖ account id) is the
 * AES-256-GCM key of a box without additional data. The wrap is one line of JSON:
 * `{"v":1,"credential":"<base64>","box":"<base64 of nonce ‖ ciphertext ‖ tag>"}`.
 */

import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64, random, text, unbase64, unhex, utf8 } from "../seal/index.ts";
import { readJson } from "../seal/json.ts";
import { openBox, sealBox } from "../seal/secretbox.ts";
import { matching, object, type Of, oneOf } from "../seal/shape.ts";
import { PasskeyRefused } from "./errors.ts";
import { trusted } from "./statements.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const isWrap = object({ v: oneOf(1), credential: matching(BASE64), box: matching(BASE64) });
type Wrap = Of<typeof isWrap>;

const NOTHING = new Uint8Array();
const PATIENCE_MS = 120_000;

/** What the PRF is asked, and what its answer is stretched with: the same words. */
const purpose = (account: string): Bytes => utf8(`postern-passkey/1 ${account}`);

/** Whether this device has a lock of its own that a browser may ask. */
export async function canBeUsed(): Promise<boolean> {
  try {
    if (!(await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable())) return false;
    const capable = await PublicKeyCredential.getClientCapabilities?.();
    return capable?.["extension:prf"] !== false;
  } catch {
    return false;
  }
}

/** Makes a credential and wraps K; a second, fresh question to it must open what it sealed. */
export async function seal(
  account: string,
  key: Bytes,
  name: string,
  isKey: (opened: Bytes) => boolean,
): Promise<Bytes> {
  const credential = await make(account, name);
  const box = await sealBox(boxKey(account, await question(account, [credential])), key, NOTHING);
  const wrap: Wrap = { v: 1, credential: base64(credential), box: base64(box) };
  const sealed = utf8(JSON.stringify(wrap));
  const again = await open(account, [sealed]);
  const isSame = isKey(again);
  again.fill(0);
  if (!isSame) throw new PasskeyRefused();
  return sealed;
}

/** Asks for one of the wraps' credentials and opens its box. */
export async function open(account: string, sealed: readonly Bytes[]): Promise<Bytes> {
  const wraps = sealed.map((each) => trusted(() => readJson(text(each), isWrap, "bad-wrap")));
  const answer = await question(
    account,
    wraps.map(({ credential }) => unbase64(credential)),
  );
  const wrap = wraps.find(({ credential }) => credential === base64(answer.credential));
  if (wrap === undefined) throw new PasskeyRefused();
  try {
    return await openBox(boxKey(account, answer), unbase64(wrap.box), NOTHING);
  } catch {
    throw new PasskeyRefused();
  }
}

async function make(account: string, name: string): Promise<Bytes> {
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        // Nobody checks an attestation or assertion here: the PRF's answer is all that counts.
        challenge: random(32),
        rp: { name },
        user: { id: unhex(account), name, displayName: name },
        pubKeyCredParams: [
          { type: "public-key", alg: -7 },
          { type: "public-key", alg: -257 },
        ],
        authenticatorSelection: {
          authenticatorAttachment: "platform",
          residentKey: "preferred",
          userVerification: "required",
        },
        timeout: PATIENCE_MS,
        extensions: { prf: {} },
      },
    }),
  );
  if (made.getClientExtensionResults().prf?.enabled !== true) throw new PasskeyRefused();
  return new Uint8Array(made.rawId);
}

interface Answer {
  readonly credential: Bytes;
  readonly output: Bytes;
}

/** One fresh question to the authenticator. */
async function question(account: string, credentials: readonly Bytes[]): Promise<Answer> {
  if (credentials.length === 0) throw new PasskeyRefused();
  const given = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        allowCredentials: credentials.map((id) => ({ type: "public-key", id })),
        userVerification: "required",
        timeout: PATIENCE_MS,
        extensions: { prf: { eval: { first: purpose(account) } } },
      },
    }),
  );
  const first = given.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) throw new PasskeyRefused();
  const output = ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength).slice()
    : new Uint8Array(first);
  if (output.length !== 32) throw new PasskeyRefused();
  return { credential: new Uint8Array(given.rawId), output };
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let credential: Credential | null;
  try {
    credential = await ask();
  } catch (cause) {
    throw new PasskeyRefused("refused", { cause });
  }
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyRefused();
  return credential;
}

function boxKey(account: string, { output }: Answer): Bytes {
  const key = hkdf(sha256, output, undefined, purpose(account), 32);
  output.fill(0);
  return key;
}
