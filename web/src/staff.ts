/** The staff site: its routes, then start. */

import { start } from "./app.tsx";
import type { Site } from "./guard.ts";
import { Missing } from "./pages/missing.tsx";
import { Door } from "./pages/staff/door.tsx";
import type { Route } from "./route.ts";
import { words } from "./words/staff.ts";

const desk = () => import("./pages/staff/desk.ts");
const people = () => import("./pages/staff/people.ts");
const admin = () => import("./pages/admin/admin.ts");
const keys = "keys";

const door: Route = { path: "/", needs: "anybody", words: [], load: async () => Door };
const missing: Route = { path: "/missing", needs: "anybody", words: [], load: async () => Missing };
const unlock: Route = { path: "/unlock", needs: "session", words: ["people"], load: async () => (await admin()).Unlock };
/** Shown before signing in too: the code from a sheet's QR is in the address and must not be lost. */
const join: Route = { path: "/join", needs: "anybody", words: ["people"], load: async () => (await admin()).Join };

const site: Site = {
  name: "staff",
  words,
  door,
  unlock,
  join,
  missing,
  nav: [
    { to: "/desk", key: "common.home" },
    { to: "/desk/arrangements", key: "people.nav" },
    { to: "/desk/invites", key: "people.nav.invites" },
    { to: "/team", key: "people.nav.team" },
    { to: "/admin", key: "people.nav.admin" },
    { to: "/settings", key: "common.settings" },
  ],
  routes: [
    door,
    unlock,
    join,
    { path: "/join/waiting", needs: keys, words: ["people"], load: async () => (await admin()).Waiting },
    { path: "/desk", needs: keys, words: ["desk", "people"], load: async () => (await desk()).Today },
    { path: "/desk/queue", needs: keys, words: ["desk", "people"], load: async () => (await desk()).Queue },
    { path: "/desk/review", needs: keys, words: ["desk", "people"], load: async () => (await desk()).Review },
    { path: "/desk/check/:id", needs: keys, words: ["desk", "people"], load: async () => (await desk()).Check },
    { path: "/desk/done", needs: keys, words: ["desk", "people"], load: async () => (await desk()).Done },
    { path: "/desk/shortcuts", needs: keys, words: ["desk", "people"], load: async () => (await desk()).Shortcuts },
    { path: "/team/second-decisions", needs: keys, words: ["desk", "people"], load: async () => (await desk()).SecondDecisions },
    { path: "/team/quarantine", needs: keys, words: ["desk", "people"], load: async () => (await desk()).Quarantine },
    { path: "/desk/messages", needs: keys, words: ["desk", "people"], load: async () => (await desk()).Messages },
    { path: "/desk/arrangements", needs: keys, words: ["people"], load: async () => (await people()).Arrangements },
    { path: "/desk/arrangements/new", needs: keys, words: ["people"], load: async () => (await people()).NewArrangement },
    { path: "/desk/arrangements/:id", needs: keys, words: ["people"], load: async () => (await people()).Arrangement },
    {
      path: "/desk/arrangements/:id/invite/:membership",
      needs: keys,
      words: ["people"],
      load: async () => (await people()).NewInvite,
    },
    { path: "/desk/invites", needs: keys, words: ["people"], load: async () => (await people()).Invites },
    { path: "/desk/invites/:id", needs: keys, words: ["people"], load: async () => (await people()).Invite },
    { path: "/desk/people", needs: keys, words: ["people"], load: async () => (await people()).ComingBack },
    { path: "/desk/people/:id/new-key", needs: keys, words: ["people"], load: async () => (await people()).NewKey },
    { path: "/desk/people/:id/letters", needs: keys, words: ["people"], load: async () => (await people()).GiveBack },
    { path: "/team", needs: keys, words: ["people"], load: async () => (await people()).Team },
    { path: "/team/key", needs: keys, words: ["people"], load: async () => (await people()).TeamKey },
    { path: "/team/moves/:id", needs: keys, words: ["people"], load: async () => (await people()).TakeOver },
    { path: "/admin", needs: keys, words: ["people"], load: async () => (await admin()).Health },
    { path: "/admin/log-key", needs: keys, words: ["people"], load: async () => (await admin()).LogKey },
    { path: "/admin/staff", needs: keys, words: ["people"], load: async () => (await admin()).Staff },
    { path: "/admin/setup", needs: "session", words: ["people"], load: async () => (await admin()).Setup },
    { path: "/settings", needs: keys, words: ["people"], load: async () => (await admin()).Settings },
    { path: "/settings/words", needs: keys, words: ["people"], load: async () => (await admin()).NewWords },
    { path: "/goodbye", needs: "anybody", words: ["people"], load: async () => Door },
  ],
};

start(site);
