/** What goes wrong apart from the server's own problems (`ApiProblem`) and the network (`Offline`). */

/** What the server sent does not verify. Nothing of it is used. `code` names the check, never content. */
export class Untrusted extends Error {
  override readonly name = "Untrusted";

  constructor(
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}

/** What was asked needs a key, certificate or file that is not there. */
export class Missing extends Error {
  override readonly name = "Missing";

  constructor(readonly what: string) {
    super(what);
  }
}

/** The words do not open it. */
export class WrongWords extends Error {
  override readonly name = "WrongWords";
}

/** The eight digits somebody read out are not those of the keys that were enrolled. */
export class WrongDigits extends Error {
  override readonly name = "WrongDigits";
}

/** A letter did not pass its checks: which one, and the code behind it. Never content. */
export class CannotOpen extends Error {
  override readonly name = "CannotOpen";

  constructor(
    readonly check: string,
    readonly code: string,
  ) {
    super(`${check}: ${code}`);
  }
}

/** The phone's own lock did not open it: the person said no, or the phone cannot do it. */
export class PasskeyRefused extends Error {
  override readonly name = "PasskeyRefused";
}
