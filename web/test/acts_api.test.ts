import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ApiProblem,
  del,
  get,
  listAll,
  nextPage,
  Offline,
  onRestricted,
  onSignedOut,
  post,
} from "../src/api.ts";
import { currentSession } from "../src/acts/session.ts";
import { type Answer, asked, problem, serve } from "./acts_server.ts";

test("a problem becomes an error with its code, its members and when to come back", async () => {
  serve(() => ({
    status: 429,
    json: { status: 429, code: "words-wait", detail: "Wait.", newest: 3 },
    headers: { "retry-after": "60" },
  }));
  await assert.rejects(post("/api/gate", {}), (error: unknown) => {
    assert.ok(error instanceof ApiProblem);
    assert.deepEqual([error.status, error.code, error.retryAfter], [429, "words-wait", 60]);
    assert.equal(error.members["newest"], 3);
    return true;
  });
});

test("an answer that is no problem document is a problem all the same", async () => {
  serve(() => ({ status: 502, json: "a proxy's page" }));
  const isUnreadable = (error: unknown): boolean =>
    error instanceof ApiProblem && error.code === "unreadable";
  await assert.rejects(get("/api/x"), isUnreadable);
});

test("reading is tried again once when the network fails; what changes something is not", async () => {
  const answers: Answer[] = ["unreachable", { json: 1 }];
  serve(() => answers.shift() ?? "unreachable");
  assert.equal(await get("/api/x"), 1);
  assert.equal(asked.length, 2);
  serve(() => "unreachable");
  await assert.rejects(get("/api/x"), Offline);
  assert.equal(asked.length, 2);
  serve(() => "unreachable");
  await assert.rejects(post("/api/x", {}), Offline);
  assert.equal(asked.length, 1);
});

test("a list is read to its last page", async () => {
  serve(({ path }) =>
    path === "/api/letters"
      ? { json: [1, 2], headers: { link: '</api/letters?after=2>; rel="next"' } }
      : { json: [3] },
  );
  assert.deepEqual(await listAll("/api/letters"), [1, 2, 3]);
});

test("the next page is never another site's", () => {
  assert.equal(nextPage('</api/letters?after=2>; rel="next"'), "/api/letters?after=2");
  assert.equal(nextPage('<https://elsewhere.example/api>; rel="next"'), null);
  assert.equal(nextPage('<//elsewhere.example/api>; rel="next"'), null);
  assert.equal(nextPage('</api/letters>; rel="prev"'), null);
  assert.equal(nextPage(null), null);
});

test("an answer without content is nothing, and a request without a body still is JSON", async () => {
  serve(() => ({ status: 204 }));
  assert.equal(await post("/api/sign-out"), undefined);
  assert.equal(asked[0]?.headers.get("content-type"), "application/json");
  await del("/api/drafts/x");
});

test("an ended session and keys to be opened again are heard of wherever they show", async () => {
  const heard: string[] = [];
  onSignedOut(() => void heard.push("signed out"));
  onRestricted(() => void heard.push("restricted"));
  serve(() => problem(401, "signed-out"));
  await assert.rejects(get("/api/letters"));
  serve(() => problem(403, "restricted"));
  await assert.rejects(get("/api/letters"));
  serve(() => problem(403, "forbidden"));
  await assert.rejects(get("/api/letters"));
  assert.deepEqual(heard, ["signed out", "restricted"]);
});

test("asking who is signed in is no surprise when it is nobody", async () => {
  const heard: string[] = [];
  onSignedOut(() => void heard.push("signed out"));
  serve(() => problem(401, "signed-out"));
  assert.equal(await currentSession(), null);
  assert.deepEqual(heard, []);
});
