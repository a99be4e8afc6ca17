/** Single keys for a checker's steps: which there are, which are set, and which step a press means. */

export const TICKS = ["tick1", "tick2", "tick3", "tick4", "tick5", "tick6", "tick7"] as const;
export const STEPS = [
  "flag",
  "photos",
  ...TICKS,
  "allClear",
  "note",
  "deliver",
  "return",
  "ask",
  "keep",
  "skip",
  "undo",
  "help",
] as const;
export type Step = (typeof STEPS)[number];

export interface Keymap {
  /** Off hides hints too. */
  readonly isOn: boolean;
  readonly keys: Readonly<Record<Step, string>>;
}

export const DEFAULT: Keymap = {
  isOn: true,
  keys: {
    flag: ".",
    photos: "p",
    tick1: "1",
    tick2: "2",
    tick3: "3",
    tick4: "4",
    tick5: "5",
    tick6: "6",
    tick7: "7",
    allClear: "a",
    note: "c",
    deliver: "d",
    return: "r",
    ask: "m",
    keep: "k",
    skip: "s",
    undo: "u",
    help: "?",
  },
};

/** One visible character, as it is typed; letters small. Null for anything else. */
export function readKey(typed: string): string | null {
  const key = typed.trim().toLowerCase();
  return [...key].length === 1 ? key : null;
}

/** Steps that share a key with an earlier one. */
export function clashes(keys: Keymap["keys"]): Step[] {
  return STEPS.filter((step, index) => STEPS.slice(0, index).some((earlier) => keys[earlier] === keys[step]));
}

/** What was kept on this device; the default for what is not there or makes no sense. */
export function readKeymap(json: string | null): Keymap {
  let kept: unknown;
  try {
    kept = JSON.parse(json ?? "null");
  } catch {
    return DEFAULT;
  }
  if (typeof kept !== "object" || kept === null) return DEFAULT;
  const given = "keys" in kept && typeof kept.keys === "object" ? { ...kept.keys } : {};
  const listed = new Map<string, unknown>(Object.entries(given));
  const keys = { ...DEFAULT.keys };
  for (const step of STEPS) {
    const key = listed.get(step);
    if (typeof key === "string") keys[step] = readKey(key) ?? DEFAULT.keys[step];
  }
  const isOn = !("isOn" in kept) || kept.isOn !== false;
  return { isOn, keys: clashes(keys).length === 0 ? keys : DEFAULT.keys };
}

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

/** The step that a press means; null for none, and whenever single keys are off. */
export function stepOf(keymap: Keymap, press: Press): Step | null {
  if (!keymap.isOn || press.ctrlKey || press.metaKey || press.altKey) return null;
  const key = readKey(press.key);
  return key === null ? null : (STEPS.find((step) => keymap.keys[step] === key) ?? null);
}
