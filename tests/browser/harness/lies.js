// What a lying server can put into its answers: envelopes exchanged, edited, left out.

/**
 * @typedef {{ payloadType: string, payload: string, signatures: { keyid: string, sig: string }[] }} Envelope
 * @typedef {{ root: string, statements: Envelope[] }} Proof
 */

/** @param {Envelope} envelope */
export function kindOf(envelope) {
  return envelope.payloadType.split(".")[2] ?? "";
}

/**
 * @param {Envelope} envelope
 * @returns {any} what is signed
 */
export function bodyOf(envelope) {
  return JSON.parse(Buffer.from(envelope.payload, "base64").toString("utf8"));
}

/**
 * The statements of one kind, oldest first.
 * @param {Proof} proof
 * @param {string} kind
 */
export function ofKind(proof, kind) {
  return proof.statements.filter((each) => kindOf(each) === kind);
}

/**
 * The last statement of a kind.
 * @param {Proof} proof
 * @param {string} kind
 */
export function newest(proof, kind) {
  const found = ofKind(proof, kind).at(-1);
  if (found === undefined) throw new Error(`no ${kind} in the proof`);
  return found;
}

/**
 * Changes what a statement says; its signature stays as it was.
 * @param {Envelope} envelope
 * @param {(body: any) => void} change
 */
export function edit(envelope, change) {
  const body = bodyOf(envelope);
  change(body);
  envelope.payload = Buffer.from(JSON.stringify(body)).toString("base64");
}

/**
 * Leaves a statement out.
 * @param {Proof} proof
 * @param {Envelope} envelope
 */
export function leaveOut(proof, envelope) {
  proof.statements = proof.statements.filter((each) => each !== envelope);
}

/**
 * Puts a statement in the place of another.
 * @param {Proof} proof
 * @param {Envelope} old
 * @param {Envelope} other
 */
export function exchange(proof, old, other) {
  proof.statements = proof.statements.map((each) => (each === old ? other : each));
}
