// A lying server. The real one answers; on its way to the browser one thing in the answer is put in
// the place of another. The browser cannot tell the difference from a server that lies.

/**
 * @typedef {import("playwright-core").BrowserContext} Context
 * @typedef {{ path: RegExp, change: (answer: any) => unknown }} Lie
 */

/**
 * Changes JSON answers of the API whose path matches. `change` edits the answer in place or returns
 * another one.
 * @param {Context} context
 * @param {Lie} lie
 * @returns {Promise<{ told: () => number, stop: () => Promise<void> }>} how often it was told
 */
export async function lie(context, { path, change }) {
  let told = 0;
  /** @type {Set<Promise<void>>} */
  const underWay = new Set();
  const matches = (/** @type {URL} */ url) => path.test(url.pathname);
  /** @param {import("playwright-core").Route} route */
  const answering = async (route) => {
    const response = await route.fetch();
    const kind = response.headers()["content-type"] ?? "";
    if (!response.ok() || !kind.startsWith("application/json")) return route.fulfill({ response });
    const truth = await response.json();
    const before = JSON.stringify(truth);
    const json = change(truth) ?? truth;
    if (JSON.stringify(json) !== before) told += 1;
    return route.fulfill({ response, json });
  };
  /** @param {import("playwright-core").Route} route */
  const answer = (route) => {
    const answered = answering(route).finally(() => underWay.delete(answered));
    underWay.add(answered);
    return answered;
  };
  await context.route(matches, answer);
  const stop = async () => {
    // Whoever has asked gets the answer before nobody answers any more.
    while (underWay.size > 0) await Promise.allSettled(underWay);
    await context.unroute(matches, answer);
  };
  return { told: () => told, stop };
}

/**
 * One bit of a base64 or hex text turned over.
 * @param {string} text
 * @param {number} [at] which character
 */
export function bent(text, at = Math.floor(text.length / 2)) {
  const old = text[at];
  const other = old === "A" || old === "a" ? "b" : "a";
  return text.slice(0, at) + other + text.slice(at + 1);
}
