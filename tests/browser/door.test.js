// The front doors, and the way in: what everybody sees first.

import assert from "node:assert/strict";
import { journey } from "./harness/harness.js";

journey("front door", async ({ open, agency, words, lang }) => {
  const tab = await open("family");
  await tab.goto();
  await tab.at("common.door.title");
  await tab.reads("common.door.phone", { phone: agency.phone });
  await tab.screen("door");
  for (const more of ["maybe", "paper", "private"]) await tab.press(`common.door.${more}`);
  await tab.reads("common.door.private.text");
  await tab.screen("door, all of it");

  // The other language is one press away, says its own name, and stays.
  const other = lang === "en" ? "Cymraeg" : "English";
  await tab.tap(tab.named(other));
  await tab.page.waitForFunction((now) => document.documentElement.lang !== now, lang === "en" ? "en-GB" : "cy");
  await tab.tap(tab.named(lang === "en" ? "English" : "Cymraeg"));
  await tab.at("common.door.title");
  await tab.page.getByText(words.t("common.door.maybe")).waitFor();

  await tab.goto("/letters");
  await tab.at("common.safety.title");
  await tab.screen("staying private");
  await tab.press("common.safety.understand");
  await tab.at("common.door.title");
  await tab.screen("door, in place of a letter");
});

journey("front door of the staff", async ({ open }) => {
  const tab = await open("staff");
  await tab.goto();
  await tab.at("common.staff.title");
  await tab.screen("door");
});

journey("what is served is what was built", async ({ agency }) => {
  for (const site of /** @type {const} */ (["family", "staff"])) {
    const { ok, said } = await agency.doctor(site);
    assert.ok(ok, said);
    // Every file in three ways of asking, the page itself among them.
    assert.match(said, /index\.html \(br\)/);
  }
}, { langs: ["en"] });

journey("front door of nobody yet", async ({ open }) => {
  const tab = await open("family");
  await tab.goto();
  await tab.reads("common.door.none");
  await tab.screen("door");
}, { founded: false });
