/** What a path shows, and to whom. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Session } from "../src/acts/session.ts";
import { guard, type Site, type Standing } from "../src/guard.ts";
import { match, type Needs, type Route } from "../src/route.ts";

const route = (path: string, needs: Needs): Route => ({
  path,
  needs,
  words: [],
  load: () => Promise.reject(new Error("not fetched here")),
});

const site: Site = {
  name: "family",
  words: { en: {}, cy: {} },
  door: route("/", "anybody"),
  unlock: route("/unlock", "session"),
  join: route("/join", "anybody"),
  safety: route("/safety", "anybody"),
  missing: route("/missing", "anybody"),
  nav: [],
  routes: [
    route("/", "anybody"),
    route("/help", "anybody"),
    route("/forgot", "session"),
    route("/letters", "keys"),
    route("/letters/:id", "keys"),
  ],
};

const session: Session = {
  account: "0".repeat(32),
  agency: "1".repeat(32),
  audience: "family",
  certificates: [],
  new: false,
  restricted: true,
};
const nobody: Standing = { session: null, isOpen: false, knowsExit: true };
const signedIn: Standing = { ...nobody, session };
const open: Standing = { ...signedIn, isOpen: true };
const shows = (path: string, standing: Standing) => guard(site, path, standing).route.path;

test("a page for anybody is shown to anybody", () => {
  assert.equal(shows("/help", nobody), "/help");
});

test("a page that needs a session shows the door to nobody, and itself to somebody", () => {
  assert.equal(shows("/forgot", nobody), "/");
  assert.equal(shows("/forgot", signedIn), "/forgot");
});

test("a letter shows the door, then the lock, then itself", () => {
  assert.equal(shows("/letters/7", nobody), "/");
  assert.equal(shows("/letters/7", signedIn), "/unlock");
  assert.equal(shows("/letters/7", open), "/letters/:id");
  assert.deepEqual(guard(site, "/letters/7", open).params, { id: "7" });
});

test("keys without a session open no page: the server would refuse it all", () => {
  assert.equal(shows("/letters", { ...open, session: null }), "/");
});

test("an account without keys is led to joining, wherever it wanted to go", () => {
  assert.equal(shows("/letters", { ...signedIn, session: { ...session, new: true } }), "/join");
});

test("how to leave is explained before the first page that has Exit, and not at the door", () => {
  assert.equal(shows("/", { ...nobody, knowsExit: false }), "/");
  assert.equal(shows("/help", { ...nobody, knowsExit: false }), "/safety");
  assert.equal(shows("/letters", { ...open, knowsExit: false }), "/safety");
});

test("what does not exist is missing for everybody", () => {
  for (const standing of [nobody, signedIn, open]) assert.equal(shows("/nowhere", standing), "/missing");
});

test("a path matches whole, and an empty parameter is none", () => {
  assert.equal(match(site.routes, "/letters/7/8"), null);
  assert.equal(match(site.routes, "/letters/")?.route.path, "/letters");
});
