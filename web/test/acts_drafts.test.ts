import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import {
  type Draft,
  deleteDraft,
  Elsewhere,
  keepMessages,
  keptMessages,
  listDrafts,
  newLetter,
  saveDraft,
} from "../src/acts/drafts.ts";
import { openContent, sealContent } from "../src/acts/draft_content.ts";
import { Keys } from "../src/keys.ts";
import { base64, hash, unbase64 } from "../src/seal/index.ts";
import { deviceDrafts, keepDeviceDraft } from "../src/store.ts";
import { type Answer, type Asked, keepingBrowser, problem, refusingBrowser, serve } from "./acts_server.ts";

const ACCOUNT = "0a".repeat(16);
const keys = Keys.make(ACCOUNT, new Uint8Array(32).fill(7));

const draft = (letter: string, text: string): Draft => ({
  letter,
  arrangement: "01".repeat(16),
  membership: "02".repeat(16),
  text,
  before: null,
  savedAt: "2026-06-12T10:00:00.000Z",
});

function sealedText(letter: string, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const { arrangement, membership } = draft(letter, text);
  const content = { v: 1, kind: "letter", arrangement, membership, text, before: null, cursor: 0 } as const;
  return sealContent(keys, letter, { ...content, saved_at: "2026-06-12T11:00:00.000Z" });
}

/** The server's drafts, by compare-and-set; `isAway` when there is no network. */
class Server {
  isAway = false;
  readonly kept = new Map<string, { version: number; sealed: string; saved_at: string }>();

  answer = ({ method, path, body }: Asked): Answer => {
    if (this.isAway) return "unreachable";
    const letter = path.split("/")[3] ?? "";
    const there = this.kept.get(letter);
    if (method === "GET") return { json: [...this.kept].map(([id, each]) => ({ letter: id, ...each })) };
    if (method === "DELETE") {
      this.kept.delete(letter);
      return { status: 204 };
    }
    const { version, sealed } = body as { version: number; sealed: string };
    if (version !== (there?.version ?? 0) + 1) {
      return problem(409, "draft-changed", { newest: there ?? null });
    }
    this.kept.set(letter, { version, sealed, saved_at: "2026-06-12T10:00:00Z" });
    return { json: { version } };
  };

  /** Another device saves. */
  async other(letter: string, text: string): Promise<void> {
    const sealed = await sealedText(letter, text);
    const version = (this.kept.get(letter)?.version ?? 0) + 1;
    this.kept.set(letter, { version, sealed: base64(sealed), saved_at: "2026-06-12T11:00:00Z" });
  }

  async text(letter: string): Promise<string | undefined> {
    const there = this.kept.get(letter);
    if (there === undefined) return undefined;
    const content = await openContent(keys, letter, unbase64(there.sealed));
    return content.kind === "letter" ? content.text : content.kind;
  }
}

let server: Server;
beforeEach(() => {
  keepingBrowser();
  server = new Server();
  serve(server.answer);
});

const isTheirs = (text: string | null) => (error: unknown) =>
  error instanceof Elsewhere && (error.theirs?.text ?? null) === text;

test("a draft is saved on the server, sealed, and found again", async () => {
  const letter = newLetter();
  assert.equal(await saveDraft(keys, draft(letter, "Dear Kerry")), "server");
  assert.equal(await saveDraft(keys, draft(letter, "Dear Kerry,")), "server");
  assert.equal((await listDrafts(keys))[0]?.text, "Dear Kerry,");
  assert.doesNotMatch(atob(server.kept.get(letter)?.sealed ?? ""), /Kerry/);
});

test("without a network a draft is on the device, and goes to the server later", async () => {
  const letter = newLetter();
  server.isAway = true;
  assert.equal(await saveDraft(keys, draft(letter, "one")), "device");
  assert.equal(await saveDraft(keys, draft(letter, "two")), "device");
  assert.equal((await listDrafts(keys))[0]?.text, "two");
  server.isAway = false;
  assert.equal((await listDrafts(keys))[0]?.text, "two");
  assert.equal(await server.text(letter), "two");
  assert.equal(await saveDraft(keys, draft(letter, "three")), "server");
});

test("where nothing is kept and nothing reached, the page is told so", async () => {
  refusingBrowser();
  server.isAway = true;
  assert.equal(await saveDraft(keys, draft(newLetter(), "one")), "memory");
  server.isAway = false;
  assert.equal(await saveDraft(keys, draft(newLetter(), "one")), "server");
});

test("another device's newer version is shown, and only then written over", async () => {
  const letter = newLetter();
  await saveDraft(keys, draft(letter, "mine"));
  await server.other(letter, "theirs");
  await assert.rejects(saveDraft(keys, draft(letter, "mine, more")), isTheirs("theirs"));
  assert.equal(await server.text(letter), "theirs");
  assert.equal(await saveDraft(keys, draft(letter, "mine, more")), "server");
  assert.equal(await server.text(letter), "mine, more");
});

test("looking at something else in between hides no newer version", async () => {
  const letter = newLetter();
  await saveDraft(keys, draft(letter, "mine"));
  await server.other(letter, "theirs");
  assert.equal(await keptMessages(keys), null);
  await assert.rejects(saveDraft(keys, draft(letter, "mine, more")), isTheirs("theirs"));
});

test("what was written offline while another device was first is lost on neither side", async () => {
  const letter = newLetter();
  await saveDraft(keys, draft(letter, "mine"));
  server.isAway = true;
  await saveDraft(keys, draft(letter, "mine, offline"));
  server.isAway = false;
  await server.other(letter, "theirs");
  assert.equal((await listDrafts(keys))[0]?.text, "mine, offline");
  assert.equal(await server.text(letter), "theirs");
  await assert.rejects(saveDraft(keys, draft(letter, "mine, offline, more")), isTheirs("theirs"));
});

test("an answer that was lost is no other device", async () => {
  const letter = newLetter();
  await saveDraft(keys, draft(letter, "mine"));
  await server.other(letter, "mine, more");
  assert.equal(await saveDraft(keys, draft(letter, "mine, more")), "server");
});

test("a draft that was taken away elsewhere says so, and can be written anew", async () => {
  const letter = newLetter();
  await saveDraft(keys, draft(letter, "mine"));
  server.kept.clear();
  await assert.rejects(saveDraft(keys, draft(letter, "mine, more")), isTheirs(null));
  assert.equal(await saveDraft(keys, draft(letter, "mine, more")), "server");
});

test("two tabs without a network do not write over each other", async () => {
  const letter = newLetter();
  await saveDraft(keys, draft(letter, "both"));
  server.isAway = true;
  // Another tab had found it too, and saves first.
  const [found] = await deviceDrafts(ACCOUNT);
  assert.ok(found);
  const sealed = await sealedText(letter, "the other tab's");
  const theirs = { ...found, isWaiting: true, sealed, stamp: hash(sealed) };
  assert.equal(await keepDeviceDraft(theirs, found.stamp), "kept");
  await assert.rejects(saveDraft(keys, draft(letter, "this tab's")), isTheirs("the other tab's"));
  assert.equal(await saveDraft(keys, draft(letter, "this tab's")), "device");
  server.isAway = false;
  assert.deepEqual((await listDrafts(keys)).map(({ text }) => text), ["this tab's"]);
  assert.equal(await server.text(letter), "this tab's");
});

test("a draft taken away offline is taken away everywhere, unless another device goes on", async () => {
  const [gone, goesOn] = [newLetter(), newLetter()];
  for (const letter of [gone, goesOn]) await saveDraft(keys, draft(letter, "mine"));
  server.isAway = true;
  for (const letter of [gone, goesOn]) await deleteDraft(letter);
  assert.deepEqual(await listDrafts(keys), []);
  server.isAway = false;
  await server.other(goesOn, "theirs");
  assert.deepEqual((await listDrafts(keys)).map(({ text }) => text), ["theirs"]);
  assert.equal(server.kept.has(gone), false);
});

test("one draft that cannot be read hides no other", async () => {
  const [broken, whole] = [newLetter(), newLetter()];
  await saveDraft(keys, draft(whole, "whole"));
  server.kept.set(broken, { version: 1, sealed: base64(new Uint8Array(64)), saved_at: "" });
  assert.deepEqual((await listDrafts(keys)).map(({ text }) => text), ["whole"]);
});

test("a choice about messages is kept beside the drafts, and is none of them", async () => {
  await keepMessages(keys, { channel: "text", address: "07700 900123", lang: "cy", avoid: ["12-25"] });
  const choice = { channel: "post", address: "1 High Street", lang: "cy", avoid: [] } as const;
  await keepMessages(keys, choice);
  assert.deepEqual(await keptMessages(keys), choice);
  assert.equal(server.kept.size, 1);
  assert.deepEqual(await listDrafts(keys), []);
});
