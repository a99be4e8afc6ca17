/** The only `fetch`: same origin, JSON, problems as errors. */

/** What the server answers when it does not do what was asked (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly members: Readonly<Record<string, unknown>>,
    /** Seconds, when the server said when to come back. */
    readonly retryAfter?: number,
  ) {
    super(`${status} ${code}`);
  }
}

/** The network failed, or the answer broke off. Nothing is lost: ask again. */
export class Offline extends Error {
  override readonly name = "Offline";
}

/** Called whenever an answer says that nobody is signed in any more. */
export function onSignedOut(_listener: () => void): void {}
/** Called whenever an answer says that the keys must be opened first. */
export function onRestricted(_listener: () => void): void {}

export function get<T>(_path: string): Promise<T> { throw new Error("soon"); }
export function post<T>(_path: string, _body?: unknown): Promise<T> { throw new Error("soon"); }
export function put<T>(_path: string, _body: unknown): Promise<T> { throw new Error("soon"); }
export function del(_path: string): Promise<void> { throw new Error("soon"); }
/** Every item of a list, following `Link: rel="next"`. */
export function listAll<T>(_path: string): Promise<T[]> { throw new Error("soon"); }
