/**
 * Stands in for noble's NIST curves, which the age library would bring along for the hardware-tag
 * recipients this protocol refuses (`isRecipient` in file.ts): 17 kB that could never run. It has
 * just the fields that noble's post-quantum module reads while loading. See `alias` in build.js.
 */

const absent = {
  lengths: { secretKey: 1, publicKey: 1, publicKeyUncompressed: 1, seed: 1 },
  Point: { Fn: {} },
  getSharedSecret(): never {
    throw new Error("the NIST curves are left out");
  },
};

export const p256 = absent;
export const p384 = absent;
