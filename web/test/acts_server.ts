/** A server of one page of code behind `fetch`, and a browser's storage, for tests of the acts. */

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: Headers;
}

export type Answer =
  | { readonly status?: number; readonly json?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | "unreachable";

/** Everything that was asked since `serve`, in order. */
export const asked: Asked[] = [];

/** Answers every request from here on. */
export function serve(answer: (asked: Asked) => Answer): void {
  asked.length = 0;
  globalThis.fetch = async (path, init) => {
    const { body, method = "GET", headers } = init ?? {};
    const request: Asked = {
      method,
      path: String(path),
      body: typeof body === "string" ? JSON.parse(body) : null,
      headers: new Headers(headers),
    };
    asked.push(request);
    const given = answer(request);
    if (given === "unreachable") throw new TypeError("failed to fetch");
    const { status = 200, json, headers: sent = {} } = given;
    return new Response(json === undefined ? null : JSON.stringify(json), { status, headers: sent });
  };
}

export function problem(
  status: number,
  code: string,
  members: Readonly<Record<string, unknown>> = {},
): Answer {
  return { status, json: { status, code, detail: "", ...members } };
}

/** Stands in for localStorage and sessionStorage. */
class Area {
  private readonly kept = new Map<string, string>();
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.kept.set(key, value);
  }
  removeItem(key: string): void {
    this.kept.delete(key);
  }
}

/** One object store of one key path; its requests settle after the call, as in a browser. */
class Table {
  readonly rows = new Map<string, unknown>();
  constructor(readonly keyPath: string) {}
  private settle(result: unknown): object {
    const request: { result: unknown; onsuccess?: () => void } = { result };
    queueMicrotask(() => request.onsuccess?.());
    return request;
  }
  get(key: string): object {
    return this.settle(this.rows.get(key));
  }
  getAll(): object {
    return this.settle([...this.rows.values()]);
  }
  put(row: object): object {
    const key = String(Reflect.get(row, this.keyPath));
    this.rows.set(key, row);
    return this.settle(key);
  }
  delete(key: string): object {
    this.rows.delete(key);
    return this.settle(undefined);
  }
  clear(): object {
    this.rows.clear();
    return this.settle(undefined);
  }
}

/** A browser that keeps things; what was kept before is gone. */
export function keepingBrowser(): void {
  const tables = new Map<string, Table>();
  const database = {
    createObjectStore: (name: string, { keyPath }: { keyPath: string }) =>
      tables.set(name, new Table(keyPath)),
    transaction(name: string) {
      const transaction: { objectStore: () => unknown; oncomplete?: () => void } = {
        objectStore: () => tables.get(name),
      };
      setTimeout(() => transaction.oncomplete?.(), 1);
      return transaction;
    },
    close: () => undefined,
  };
  const open = (): object => {
    const opening: { result: unknown; onupgradeneeded?: () => void; onsuccess?: () => void } = {
      result: database,
    };
    queueMicrotask(() => {
      if (tables.size === 0) opening.onupgradeneeded?.();
      opening.onsuccess?.();
    });
    return opening;
  };
  define("localStorage", new Area());
  define("sessionStorage", new Area());
  define("indexedDB", { open });
}

/** A private window that refuses every kind of storage. */
export function refusingBrowser(): void {
  const refusing = new Proxy(
    {},
    {
      get() {
        throw new DOMException("refused", "SecurityError");
      },
    },
  );
  for (const name of ["localStorage", "sessionStorage", "indexedDB"]) define(name, refusing);
}

export function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
