/**
 * The only localStorage, sessionStorage and IndexedDB. Each may be refused (a private window,
 * storage that was cleared or is full): nothing here throws, and every function says by its result
 * whether it could. Nothing is kept in the clear but what a stranger with the phone may know.
 */

const LANG = "postern-lang";
const SAFETY = "postern-safety-seen";
const CODE = "postern-code";
const BUNDLE = "postern-bundle/";
const OPENS = "postern-opens/";
const SHORTCUTS = "postern-shortcuts";

type Area = "localStorage" | "sessionStorage";

function read(area: Area, key: string): string | null {
  try {
    return globalThis[area].getItem(key);
  } catch {
    return null;
  }
}

function write(area: Area, key: string, value: string): boolean {
  try {
    globalThis[area].setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

/** `en`, `cy`, or null when nothing is kept. */
export function keptLang(): "en" | "cy" | null {
  const lang = read("localStorage", LANG);
  return lang === "en" || lang === "cy" ? lang : null;
}

/** False when it could not be kept. */
export function keepLang(lang: "en" | "cy"): boolean {
  return write("localStorage", LANG, lang);
}

export function safetySeen(): boolean {
  return read("localStorage", SAFETY) === "1";
}

export function keepSafetySeen(): boolean {
  return write("localStorage", SAFETY, "1");
}

/** A checker's single keys, as JSON that its reader judges. */
export function keptShortcuts(): string | null {
  return read("localStorage", SHORTCUTS);
}

export function keepShortcuts(json: string): boolean {
  return write("localStorage", SHORTCUTS, json);
}

/** The code typed before signing in, for the ride through sign-in: this tab's alone. */
export function keptCode(): string | null {
  return read("sessionStorage", CODE);
}

export function keepCode(code: string): boolean {
  return write("sessionStorage", CODE, code);
}

export function wipeCode(): void {
  try {
    sessionStorage.removeItem(CODE);
  } catch {
    // Nothing was kept there either.
  }
}

/** The highest version of an account's bundle that this device has seen; 0 for none. */
export function highestBundle(account: string): number {
  const version = Number(read("localStorage", BUNDLE + account) ?? 0);
  return Number.isSafeInteger(version) && version > 0 ? version : 0;
}

export function keepHighestBundle(account: string, version: number): boolean {
  if (version <= highestBundle(account)) return true;
  return write("localStorage", BUNDLE + account, String(version));
}

/** How often words opened an account here before an easier way was offered; "asked" ever after. */
export function opensHere(account: string): number | "asked" {
  const kept = read("localStorage", OPENS + account);
  return kept === "asked" ? kept : Number(kept ?? 0);
}

/** False when it could not be kept. */
export function keepOpensHere(account: string, opens: number | "asked"): boolean {
  return write("localStorage", OPENS + account, String(opens));
}

/** What this device keeps for opening an account: a key that cannot leave it, and its wrap's id. */
export interface DeviceKey {
  readonly account: string;
  readonly key: CryptoKey;
  readonly wrap: string;
}

/** A draft as this device keeps it: ciphertext, and what the server knew when it was written. */
export interface DeviceDraft {
  readonly letter: string;
  readonly account: string;
  /** The server's version it follows; 0 when the server had none. */
  readonly version: number;
  /** The server has not got it yet. */
  readonly isWaiting: boolean;
  /** Taken away here; the server has not heard of it yet. */
  readonly isDeleted: boolean;
  /** Random, anew with every save: tells one tab's save from another's. */
  readonly stamp: string;
  readonly sealed: Uint8Array<ArrayBuffer>;
  readonly savedAt: string;
}

const DATABASE = "postern";
type Table = "devices" | "drafts";

/** One transaction; null when this browser keeps nothing. */
async function transact<T>(
  table: Table,
  mode: IDBTransactionMode,
  run: (store: IDBObjectStore) => Promise<T>,
): Promise<T | null> {
  try {
    const database = await openDatabase();
    try {
      const transaction = database.transaction(table, mode);
      const done = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
        transaction.onerror = () => reject(transaction.error);
      });
      const [result] = await Promise.all([run(transaction.objectStore(table)), done]);
      return result;
    } finally {
      database.close();
    }
  } catch {
    return null;
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("devices", { keyPath: "account" });
      opening.result.createObjectStore("drafts", { keyPath: "letter" });
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
    opening.onblocked = () => reject(new Error("blocked"));
  });
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export async function deviceKey(account: string): Promise<DeviceKey | null> {
  const found = await transact("devices", "readonly", (it) =>
    settled<DeviceKey | undefined>(it.get(account)),
  );
  return found ?? null;
}

export async function keepDeviceKey(key: DeviceKey): Promise<boolean> {
  return (await transact("devices", "readwrite", (it) => settled(it.put(key)))) !== null;
}

/** Forgets every account's key on this device. */
export async function forgetDeviceKeys(): Promise<boolean> {
  const done = await transact("devices", "readwrite", async (it) => {
    await settled(it.clear());
    return true;
  });
  return done !== null;
}

/** What this device keeps of an account's drafts. */
export async function deviceDrafts(account: string): Promise<DeviceDraft[]> {
  const found = await transact("drafts", "readonly", (it) => settled<DeviceDraft[]>(it.getAll()));
  return (found ?? []).filter((draft) => draft.account === account);
}

export async function deviceDraft(letter: string): Promise<DeviceDraft | null> {
  const found = await transact("drafts", "readonly", (it) =>
    settled<DeviceDraft | undefined>(it.get(letter)),
  );
  return found ?? null;
}

export type Kept = "kept" | "refused" | { readonly other: DeviceDraft };

/**
 * Keeps a draft over the one with the stamp `over` ("" for none). When another tab has saved since,
 * nothing is kept and its draft comes back.
 */
export async function keepDeviceDraft(draft: DeviceDraft, over: string): Promise<Kept> {
  const kept = await transact("drafts", "readwrite", async (it): Promise<Kept> => {
    const there = await settled<DeviceDraft | undefined>(it.get(draft.letter));
    if (there !== undefined && there.stamp !== over) return { other: there };
    await settled(it.put(draft));
    return "kept";
  });
  return kept ?? "refused";
}

export async function dropDeviceDraft(letter: string): Promise<boolean> {
  const done = await transact("drafts", "readwrite", async (it) => {
    await settled(it.delete(letter));
    return true;
  });
  return done !== null;
}
