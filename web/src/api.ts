/** The only `fetch`: same origin, JSON, problems as errors. */

/** What the server answers when it does not do what was asked (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: number,
    /** Stable, such as `restricted`. */
    readonly code: string,
    /** The server's sentence for the person; pages say it in their own words. */
    readonly detail: string,
    /** All of the answer, for fields that one kind of problem has. */
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

const SESSION = "/api/session";
/** Before reading is tried again: a connection that broke is often back by then. */
const BREATH = 500;

let signedOut = (): void => undefined;
let restricted = (): void => undefined;

/** Called whenever an answer says that nobody is signed in any more. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

/** Called whenever an answer says that the keys must be opened first. */
export function onRestricted(listener: () => void): void {
  restricted = listener;
}

export async function get<T>(path: string, headers: Readonly<Record<string, string>> = {}): Promise<T> {
  return read<T>(await answered("GET", path, headers));
}

/** With `keepalive` the request goes out even when the page is left in the same moment. */
export async function post<T>(path: string, body?: unknown, keepalive = false): Promise<T> {
  return read<T>(await answered("POST", path, {}, body, keepalive));
}

export async function put<T>(path: string, body: unknown): Promise<T> {
  return read<T>(await answered("PUT", path, {}, body));
}

export async function del(path: string): Promise<void> {
  await answered("DELETE", path, {});
}

/** Every item of a list, following `Link: rel="next"`. */
export async function listAll<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  for (let next: string | null = path; next !== null; ) {
    const answer: Response = await answered("GET", next, {});
    items.push(...(await read<T[]>(answer)));
    next = nextPage(answer.headers.get("link"));
  }
  return items;
}

/** The path of the next page, within this site alone. */
export function nextPage(link: string | null): string | null {
  const target = link?.split(",").find((each) => /;\s*rel="?next"?/.test(each));
  const path = /<(\/(?!\/)[^>]*)>/.exec(target ?? "")?.[1];
  return path ?? null;
}

/** An answer that did what was asked. Only reading is tried again, once: it changes nothing. */
async function answered(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
  keepalive = false,
): Promise<Response> {
  const init: RequestInit = {
    method,
    keepalive,
    headers: { accept: "application/json", ...headers },
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
    // The site says `no-referrer`, and under that some browsers do not say where a write comes from
    // either: nothing is referred to, and our own origin is named.
    referrer: "",
    referrerPolicy: "same-origin",
  };
  // What changes something is JSON even when there is nothing to say: the server reads no other kind.
  if (method === "POST" || method === "PUT") {
    init.body = JSON.stringify(body ?? {});
    init.headers = { ...init.headers, "content-type": "application/json" };
  }
  const answer = await reach(path, init, method === "GET" ? 2 : 1);
  if (answer.ok) return answer;
  const problem = await problemOf(answer);
  // Asking whether somebody is signed in is no surprise when the answer is no.
  if (problem.status === 401 && path !== SESSION) signedOut();
  if (problem.code === "restricted") restricted();
  throw problem;
}

async function reach(path: string, init: RequestInit, tries: number): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (cause) {
    if (tries > 1) {
      await new Promise((resolve) => setTimeout(resolve, BREATH));
      return reach(path, init, tries - 1);
    }
    throw new Offline("the server cannot be reached", { cause });
  }
}

/** The JSON of an answer; `undefined` for one without content. */
async function read<T>(answer: Response): Promise<T> {
  let text: string;
  try {
    text = await answer.text();
  } catch (cause) {
    throw new Offline("the answer broke off", { cause });
  }
  try {
    return text === "" ? (undefined as T) : JSON.parse(text);
  } catch {
    throw new ApiProblem(answer.status, "unreadable", "", {});
  }
}

async function problemOf(answer: Response): Promise<ApiProblem> {
  const members = await membersOf(answer);
  const code = typeof members["code"] === "string" ? members["code"] : "unreadable";
  const detail = typeof members["detail"] === "string" ? members["detail"] : "";
  const after = Number(answer.headers.get("retry-after") ?? Number.NaN);
  return Number.isSafeInteger(after) && after >= 0
    ? new ApiProblem(answer.status, code, detail, members, after)
    : new ApiProblem(answer.status, code, detail, members);
}

async function membersOf(answer: Response): Promise<Record<string, unknown>> {
  try {
    const members: unknown = JSON.parse(await answer.text());
    return typeof members === "object" && members !== null ? { ...members } : {};
  } catch {
    return {};
  }
}
