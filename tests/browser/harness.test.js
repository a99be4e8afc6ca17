// The harness itself: each thing that must not be on a screen is found on a page that has it. A
// check that finds nothing here would find nothing anywhere.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, closeBrowser, SCREENS } from "./harness/browser.js";
import { Tab } from "./harness/tab.js";
import { wordsIn } from "./harness/words.js";

const GOOD = {
  path: "/",
  lang: "en-GB",
  title: "A page – Postern",
  head: "",
  body: '<h1 tabindex="-1">A page</h1><p>Text.</p><button style="min-height: 44px">Press</button>',
};

/** Each page is good but for one thing; then what is said of it. */
const BAD = /** @type {const} */ ([
  [{ title: "A page" }, /the title is/],
  [{ title: "Another – Postern" }, /is not the heading/],
  [{ lang: "en" }, /<html lang>/],
  [{ path: "/letters/Kerry" }, /somebody's name/],
  [{ title: "A page of Kerry's – Postern" }, /somebody's name/],
  [{ body: `${GOOD.body}<img src="/icon.png">` }, /axe image-alt/],
  [{ body: `${GOOD.body}<button>Small</button>` }, /px high: <button>Small/],
  [{ body: `${GOOD.body}<div style="width: 340px">Wide</div>` }, /at 320 px it is/],
  [{ body: `${GOOD.body}<div style="width: 21em">Wide</div>` }, /with text of 200 %/],
  [{ head: "<script>console.error('oh')</script>" }, /console: oh/],
  [{ head: "<script>throw new Error('ah')</script>" }, /page error: ah/],
  [{ head: "<script src='http://127.0.0.1:9/spy.js'></script>" }, /a request to http:\/\/127\.0\.0\.1:9/],
  [{ head: "<script src='/broken.js'></script>" }, /500 from/],
  [{ head: "<meta http-equiv='content-security-policy' content=\"img-src 'none'\"><link rel=icon href=/a>" }, /console: .*policy/i],
]);

/** @param {Partial<typeof GOOD>} page */
function html(page) {
  const { lang, title, head, body } = { ...GOOD, ...page };
  const fallback = head.includes("rel=icon") ? "" : "<link rel=icon href=data:,>";
  return `<!doctype html><html lang="${lang}"><head><meta name=viewport content="width=device-width">${fallback}${head}<title>${title}</title></head><body><main>${body}</main></body></html>`;
}

let page = html(GOOD);
const server = createServer((request, response) => {
  if (request.url === "/broken.js") return response.writeHead(500).end();
  return response.setHeader("content-type", "text/html; charset=utf-8").end(page);
});
let origin = "";
/** Nobody else's, so that it can be written. */
const folder = mkdtempSync(join(tmpdir(), "postern-harness-"));

before(async () => {
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  origin = `http://127.0.0.1:${address.port}`;
});
after(async () => {
  await closeBrowser();
  server.close();
  rmSync(folder, { recursive: true });
});

/** @param {Partial<typeof GOOD>} shown */
async function look(shown) {
  page = html(shown);
  const context = await (await browser()).newContext(SCREENS.phone);
  const place = { site: /** @type {const} */ ("family"), picture: () => join(folder, "screen.png") };
  const tab = new Tab(await context.newPage(), { origin, issuer: origin }, wordsIn("en"), place);
  try {
    await tab.goto(shown.path);
    await tab.screen("a page");
    return tab;
  } finally {
    await context.close();
  }
}

test("a good page passes", async () => {
  await look({});
});

for (const [shown, said] of BAD) {
  test(`found: ${said.source}`, async () => {
    await assert.rejects(look(shown), said);
  });
}

test("found: focus that does not follow a change of page, and a title that stays", async () => {
  page = html({});
  const context = await (await browser()).newContext(SCREENS.phone);
  const place = { site: /** @type {const} */ ("family"), picture: () => join(folder, "screen.png") };
  const tab = new Tab(await context.newPage(), { origin, issuer: origin }, wordsIn("en"), place);
  await tab.goto();
  await tab.screen("first");
  await tab.page.evaluate(() => history.pushState(null, "", "/second"));
  await assert.rejects(tab.screen("second"), (error) => {
    assert.match(String(error), /the title is still/);
    assert.match(String(error), /focus is nowhere/);
    return true;
  });
  await context.close();
});
