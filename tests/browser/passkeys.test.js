// Passkeys: staff open with theirs first; a phone lock that cannot open anything is refused kindly;
// what was added can be taken away.

import assert from "node:assert/strict";
import { addAuthenticator, journey, named } from "./harness/harness.js";

journey("a passkey of staff", async ({ agency, open }) => {
  const dee = agency.colleague("Dee");
  const tab = await open("staff");
  const authenticator = await addAuthenticator(tab.page);
  await tab.visit(dee, "/settings");
  await tab.at("common.settings");
  await tab.press("people.passkey.add");
  await tab.reads("people.passkey.added");
  assert.equal(await authenticator.count(), 1);
  await tab.screen("a passkey is added");

  await tab.goto("/desk");
  await tab.at("people.unlock");
  await tab.screen("passkey first, words behind it");
  await tab.press("people.unlock.passkey");
  await tab.at("desk.today");

  // Somebody who says no to it has the words.
  await authenticator.agree(false);
  await tab.goto("/desk");
  await tab.at("people.unlock");
  await tab.press("people.unlock.passkey");
  await tab.reads("people.unlock.passkey.refused");
  await tab.screen("the passkey did not open it");
  await tab.press("people.unlock.words");
  await tab.type("people.unlock.label", dee.words);
  await tab.press("people.unlock.open");
  await tab.at("desk.today");

  // A security key gets lost: none opens this desk any more, and another can be added.
  await tab.press("common.settings");
  await tab.at("common.settings");
  await tab.reads("people.passkeys");
  await tab.screen("a passkey to remove");
  await tab.press("people.passkeys.remove");
  await tab.control("people.passkey.add").waitFor();
  await tab.screen("no passkey any more");
  await tab.goto("/desk");
  await tab.at("people.unlock");
  assert.equal(await tab.control("people.unlock.passkey").count(), 0);
});

journey("a phone lock that opens nothing", async ({ agency, open }) => {
  const kerry = named((await agency.newFamily()).people, "Kerry");
  const tab = await open("family");
  const without = await addAuthenticator(tab.page, { hasPrf: false });
  await tab.visit(kerry);
  await tab.control("common.settings").waitFor();
  await tab.goto("/settings");
  await tab.unlock(kerry.words);
  await tab.at("settings.offer.title");
  await tab.screen("an easier way is offered");
  if ((await tab.control("settings.lock.use").count()) === 1) {
    await tab.press("settings.lock.use");
    await tab.reads("settings.lock.refused");
    await tab.screen("this phone lock cannot");
    await tab.press("settings.offer.no");
  } else {
    // The browser knows beforehand: it is not even offered.
    await tab.press("settings.offer.no");
  }
  await tab.at("common.settings");
  await tab.screen("settings");
  await without.remove();

  // One that can is added, and taken away again.
  const lock = await addAuthenticator(tab.page);
  await tab.press("settings.lock.use");
  await tab.reads("settings.lock.on");
  assert.equal(await lock.count(), 1);
  await tab.screen("a phone lock");
  await tab.press("settings.lock.stop");
  await tab.control("settings.lock.use").waitFor();
  await tab.screen("no phone lock any more");
  await tab.goto("/settings");
  await tab.at("settings.unlock.title");
  assert.equal(await tab.control("settings.unlock.lock").count(), 0);
});
