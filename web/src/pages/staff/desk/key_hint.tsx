/** The single key of a button, shown beside its word; nothing when single keys are off. */

import type { Keymap, Step } from "./keymap.ts";

export function KeyHint({ keymap, step }: { readonly keymap: Keymap; readonly step: Step }) {
  if (!keymap.isOn) return null;
  // The button itself carries it for assistive technology.
  return (
    <kbd class="p-key" aria-hidden="true">
      {keymap.keys[step]}
    </kbd>
  );
}

/** For `aria-keyshortcuts`. */
export function keyOf(keymap: Keymap, step: Step): { readonly keys?: string } {
  return keymap.isOn ? { keys: keymap.keys[step] } : {};
}
