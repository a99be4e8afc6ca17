/** The only holder of an account's key, bundle and signing seeds. Signs and opens on request. */

export class Keys {
  /** The account. */
  readonly account: string = "";

  /** Zeroes what can be zeroed; every later request throws. */
  wipe(): void {}
}
