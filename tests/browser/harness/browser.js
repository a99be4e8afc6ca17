// One Chromium for a file of journeys.

import { chromium } from "playwright-core";
import { browserPath } from "./world.js";

// Nothing but this machine is to be found, so nothing can be fetched from anywhere else.
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

/** The screens people have. */
export const SCREENS = {
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true },
  desk: { viewport: { width: 1280, height: 800 } },
};

/** @typedef {keyof typeof SCREENS} Screen */

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let running;

export function browser() {
  running ??= chromium.launch({ executablePath: browserPath, args: FLAGS, chromiumSandbox: false });
  return running;
}

export async function closeBrowser() {
  await (await running)?.close();
  running = undefined;
}
