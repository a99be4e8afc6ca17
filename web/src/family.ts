/** The family site: its routes, then start. Pages come in groups, so that each is one fetch. */

import { start } from "./app.tsx";
import type { Site } from "./guard.ts";
import { Door } from "./pages/family/door.tsx";
import { Safety } from "./pages/family/safety.tsx";
import { Missing } from "./pages/missing.tsx";
import type { Needs, Route } from "./route.ts";
import { keepCode } from "./store.ts";
import { words } from "./words/family.ts";

/** A page of the letterbox itself: joining, opening it, settings, help. */
function letterbox(path: string, page: keyof typeof import("./pages/family/letterbox.ts"), needs: Needs = "keys"): Route {
  return { path, needs, words: ["letterbox"], load: async () => (await import("./pages/family/letterbox.ts"))[page] };
}

/** A page of reading or writing. */
function letters(path: string, page: keyof typeof import("./pages/family/letters.ts")): Route {
  return { path, needs: "keys", words: ["letters"], load: async () => (await import("./pages/family/letters.ts"))[page] };
}

const door: Route = { path: "/", needs: "anybody", words: [], load: async () => Door };
const safety: Route = { path: "/safety", needs: "anybody", words: [], load: async () => Safety };
const missing: Route = { path: "/missing", needs: "anybody", words: [], load: async () => Missing };
const unlock = letterbox("/unlock", "Unlock", "session");
const code = letterbox("/join", "Code", "anybody");

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
    letterbox("/join/account", "Account", "anybody"),
    letterbox("/join/words", "Words", "session"),
    letterbox("/join/try", "Try", "session"),
    letterbox("/join/add", "Add"),
    letterbox("/join/messages", "FirstMessages"),
    letterbox("/join/waiting", "Waiting"),
    letterbox("/plan", "Plan"),
    letterbox("/join/done", "Done"),
    letters("/home", "Home"),
    letters("/letters", "Letters"),
    letters("/letters/:id/before", "Before"),
    letters("/letters/:id", "Read"),
    letters("/letters/:id/later", "Later"),
    letters("/letters/:id/got-it", "GotIt"),
    letters("/letters/:id/worry", "Worry"),
    letters("/sent/:id", "Sent"),
    letters("/sent/:id/changes", "Changes"),
    letters("/sent/:id/another-look", "AnotherLook"),
    letters("/who-looked", "WhoLooked"),
    letters("/write", "Start"),
    letters("/write/:id", "Write"),
    letters("/write/:id/check", "Check"),
    letters("/write/:id/sent", "HandedIn"),
    letterbox("/forgot", "Forgot", "session"),
    letterbox("/settings", "Settings"),
    letterbox("/settings/messages", "Messages"),
    letterbox("/settings/words", "NewWords"),
    letterbox("/settings/words/try", "TryNewWords"),
    letterbox("/help", "Help", "anybody"),
    letterbox("/goodbye", "Goodbye", "anybody"),
  ],
};

// A QR code carries the code after `#`, so that no server sees it; it leaves the address at once.
if (location.pathname === "/join" && location.hash.length > 1) {
  keepCode(location.hash.slice(1));
  history.replaceState(null, "", "/join");
}
start(site);
