/**
 * Leaving fast. GOV.UK's own script uses `location.href` and takes its cover away on `pageshow`, so
 * Back can show the letter again. Ours blanks the page, wipes the keys, ends the session and
 * replaces the entry; a page that comes back from the browser's memory is loaded anew, locked.
 */

const WEATHER = "https://www.bbc.co.uk/weather";
/** Three presses of Shift within this many milliseconds. */
const WITHIN = 5_000;

/** Blanks the page first, then runs `wipe`, then goes to the weather. */
export async function leave(wipe: () => Promise<void>): Promise<void> {
  document.documentElement.hidden = true;
  document.title = "";
  document.body.replaceChildren();
  await wipe();
  location.replace(WEATHER);
}

/** Calls `exit` after Shift three times with nothing else between; returns how to stop. */
export function onThreeShifts(exit: () => void): () => void {
  let presses: number[] = [];
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== "Shift" || event.repeat) {
      presses = [];
      return;
    }
    presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < WITHIN);
    if (presses.length === 3) exit();
  };
  addEventListener("keydown", pressed);
  return () => removeEventListener("keydown", pressed);
}

/** A page kept whole in the browser's memory must not show what was open when it was left. */
export function neverComeBackOpen(): void {
  addEventListener("pagehide", () => {
    document.documentElement.hidden = true;
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
    else document.documentElement.hidden = false;
  });
}
