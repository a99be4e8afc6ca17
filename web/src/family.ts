/** The family site: its routes, then start. Pages come in groups, so that each is one fetch. */

import { start } from "./app.tsx";
import type { Site } from "./guard.ts";
import { Door } from "./pages/family/door.tsx";
import { Safety } from "./pages/family/safety.tsx";
import { Missing } from "./pages/missing.tsx";
import type { Route } from "./route.ts";
import { keepCode } from "./store.ts";
import { words } from "./words/family.ts";

const join = () => import("./pages/family/join.ts");
const letters = () => import("./pages/family/letters.ts");
const write = () => import("./pages/family/write.ts");
const settings = () => import("./pages/family/settings.ts");
const keys = "keys";

const door: Route = { path: "/", needs: "anybody", words: [], load: async () => Door };
const safety: Route = { path: "/safety", needs: "anybody", words: [], load: async () => Safety };
const missing: Route = { path: "/missing", needs: "anybody", words: [], load: async () => Missing };
const unlock: Route = { path: "/unlock", needs: "session", words: ["settings"], load: async () => (await settings()).Unlock };
const code: Route = { path: "/join", needs: "anybody", words: ["join"], load: async () => (await join()).Code };

const site: Site = {
  name: "family",
  words,
  door,
  unlock,
  join: code,
  safety,
  missing,
  nav: [
    { to: "/home", key: "common.home" },
    { to: "/settings", key: "common.settings" },
  ],
  routes: [
    door,
    safety,
    unlock,
    code,
    { path: "/join/account", needs: "anybody", words: ["join"], load: async () => (await join()).Account },
    { path: "/join/words", needs: "session", words: ["join"], load: async () => (await join()).Words },
    { path: "/join/try", needs: "session", words: ["join"], load: async () => (await join()).Try },
    { path: "/join/add", needs: keys, words: ["join"], load: async () => (await join()).Add },
    { path: "/join/messages", needs: keys, words: ["join"], load: async () => (await join()).Messages },
    { path: "/join/waiting", needs: keys, words: ["join"], load: async () => (await join()).Waiting },
    { path: "/plan", needs: keys, words: ["join"], load: async () => (await join()).Plan },
    { path: "/join/done", needs: keys, words: ["join"], load: async () => (await join()).Done },
    { path: "/home", needs: keys, words: ["letters"], load: async () => (await letters()).Home },
    { path: "/letters", needs: keys, words: ["letters"], load: async () => (await letters()).Letters },
    { path: "/letters/:id/before", needs: keys, words: ["letters"], load: async () => (await letters()).Before },
    { path: "/letters/:id", needs: keys, words: ["letters"], load: async () => (await letters()).Read },
    { path: "/letters/:id/later", needs: keys, words: ["letters"], load: async () => (await letters()).Later },
    { path: "/letters/:id/got-it", needs: keys, words: ["letters"], load: async () => (await letters()).GotIt },
    { path: "/letters/:id/worry", needs: keys, words: ["letters"], load: async () => (await letters()).Worry },
    { path: "/sent/:id", needs: keys, words: ["letters"], load: async () => (await letters()).Sent },
    { path: "/sent/:id/changes", needs: keys, words: ["letters"], load: async () => (await letters()).Changes },
    { path: "/sent/:id/another-look", needs: keys, words: ["letters"], load: async () => (await letters()).AnotherLook },
    { path: "/who-looked", needs: keys, words: ["letters"], load: async () => (await letters()).WhoLooked },
    { path: "/write", needs: keys, words: ["write", "letters"], load: async () => (await write()).Start },
    { path: "/write/:id", needs: keys, words: ["write", "letters"], load: async () => (await write()).Write },
    { path: "/write/:id/check", needs: keys, words: ["write", "letters"], load: async () => (await write()).Check },
    { path: "/write/:id/sent", needs: keys, words: ["write", "letters"], load: async () => (await write()).HandedIn },
    { path: "/forgot", needs: "session", words: ["settings"], load: async () => (await settings()).Forgot },
    { path: "/settings", needs: keys, words: ["settings"], load: async () => (await settings()).Settings },
    { path: "/settings/messages", needs: keys, words: ["settings", "join"], load: async () => (await settings()).Messages },
    { path: "/settings/words", needs: keys, words: ["settings", "join"], load: async () => (await settings()).NewWords },
    { path: "/settings/words/try", needs: keys, words: ["settings", "join"], load: async () => (await settings()).TryNewWords },
    { path: "/help", needs: "anybody", words: ["settings", "join"], load: async () => (await settings()).Help },
    { path: "/goodbye", needs: "anybody", words: ["settings"], load: async () => (await settings()).Goodbye },
  ],
};

// A QR code carries the code after `#`, so that no server sees it; it leaves the address at once.
if (location.pathname === "/join" && location.hash.length > 1) {
  keepCode(location.hash.slice(1));
  history.replaceState(null, "", "/join");
}
start(site);
