// F11, the lock: it stands in place of the page somebody asked for, and gives way to that page.

import assert from "node:assert/strict";
import { journey, named } from "./harness/harness.js";

journey("unlock", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const tab = await open("family");
  await tab.goto();
  await tab.signIn(kerry.name);
  await tab.at("common.safety.title");
  await tab.screen("staying private");
  await tab.press("common.safety.understand");
  await tab.at("settings.unlock.title");
  await tab.screen("lock");

  await tab.press("settings.unlock.go");
  await tab.reads("settings.unlock.empty");
  await tab.screen("no words");
  await tab.type("settings.unlock.label", "nothing of the kind");
  await tab.press("settings.unlock.go");
  await tab.reads("settings.unlock.wrong");
  await tab.screen("wrong words");
  assert.equal(await tab.field("settings.unlock.label").inputValue(), "nothing of the kind");

  // As people write: capitals, stops between the words.
  await tab.unlock(kerry.words.toUpperCase().replaceAll(" ", " . "));
  await tab.control("common.settings").waitFor();
  assert.equal(new URL(tab.page.url()).pathname, "/home");

  // Loaded again it is locked again; the address stays, and so does the page behind the lock.
  await tab.goto("/settings");
  await tab.unlock(kerry.words);
  await tab.at("settings.offer.title");
  await tab.screen("an easier way is offered");
  await tab.press("settings.offer.no");
  await tab.at("common.settings");
  assert.equal(new URL(tab.page.url()).pathname, "/settings");
});
