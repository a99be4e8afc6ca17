/** Listens for a checker's single keys. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { keptShortcuts } from "../../../store.ts";
import { readKeymap, stepOf, type Keymap, type Step } from "./keymap.ts";

/** As this device keeps them. */
export function keptKeymap(): Keymap {
  return readKeymap(keptShortcuts());
}

/** A step that cannot be taken now is absent. */
export type Steps = Readonly<Partial<Record<Step, () => void>>>;

/** Takes the step of each key that is pressed, unless somebody is typing; from the moment the letter is seen. */
export function useSingleKeys(keymap: Keymap, steps: Steps): void {
  const newest = useRef({ keymap, steps });
  newest.current = { keymap, steps };
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || isAskedSomething()) return;
      const step = stepOf(newest.current.keymap, event);
      const take = step === null ? undefined : newest.current.steps[step];
      if (take === undefined) return;
      event.preventDefault();
      take();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}

const NO_TYPING = new Set(["button", "checkbox", "radio", "submit", "reset"]);

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !NO_TYPING.has(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}

/** “Still there?” wants its own answer. */
function isAskedSomething(): boolean {
  return document.querySelector('[role="alertdialog"]') !== null;
}
