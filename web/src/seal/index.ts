/**
 * The sealing protocol (crates/seal/PROTOCOL.md) in the browser: bytes in, bytes out.
 *
 * Absent: network, storage, DOM, clocks. Time and ids are arguments; randomness is the system's.
 * `words.ts` is not re-exported, so that its list is fetched only where words are made.
 */

export { base64, hash, hex, newId, random, text, unbase64, unhex, utf8 } from "./bytes.ts";
export * from "./bundle.ts";
export type { Certificate, MemberHolder, StaffHolder } from "./certificate.ts";
export * from "./checkpoint.ts";
export * from "./contact.ts";
export * from "./deciding.ts";
export * from "./document.ts";
export * from "./draft.ts";
export * from "./envelope.ts";
export * from "./epoch.ts";
export { generate, recipientOf } from "./file.ts";
export * from "./gate.ts";
export * from "./grant.ts";
export * from "./image.ts";
export * from "./invite.ts";
export * from "./key.ts";
export * from "./ledger.ts";
export * from "./letter.ts";
export * from "./logged.ts";
export * from "./open.ts";
export * from "./proof.ts";
export * from "./refusal.ts";
export * from "./root.ts";
export * from "./statement.ts";
export * from "./tree.ts";
export * from "./wrap.ts";
