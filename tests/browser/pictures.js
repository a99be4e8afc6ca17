// The README's pictures: `cargo xtask journeys tests/browser/pictures.js` makes them anew.

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { journey, named, PASSED_ON } from "./harness/harness.js";

const FOLDER = fileURLToPath(new URL("pictures", import.meta.url));
const LETTER =
  "Dear Kerry,\n\nIt has been a good year. The piano lessons go on, loudly, and the pet snail is called Florence. " +
  "There was a play at Christmas, and a new bike in spring.\n\nWhat was your favourite game when you were nine?\n\n" +
  "With warm wishes,\nBeth and Tom";
const ANSWER =
  "Dear Beth and Tom,\n\nThank you for telling me about the piano. I loved hopscotch, and still do. " +
  "I start at the bakery by the station next week.\n\nI think of you all.\n\nKerry";

journey(
  "pictures",
  async ({ agency, open }) => {
    mkdirSync(FOLDER, { recursive: true });
    const family = await agency.newFamily();
    const kerry = named(family.people, "Kerry");
    await agency.letter(family, named(family.people, "Beth"), LETTER, PASSED_ON);
    await agency.letter(family, kerry, ANSWER, []);

    const phone = await open("family");
    await phone.visit(kerry);
    await phone.at("common.home");
    await phone.page.screenshot({ path: `${FOLDER}/home.png` });
    await phone.press("letters.home.new.go");
    await phone.at("letters.before.title");
    await phone.control("letters.before.now").waitFor();
    await phone.page.screenshot({ path: `${FOLDER}/before.png` });

    const desk = await open("staff");
    await desk.visit(agency.colleague("Priya"));
    await desk.at("desk.today");
    await desk.press("desk.start", { n: 1 });
    await desk.page.locator(".p-letter").waitFor();
    await desk.page.screenshot({ path: `${FOLDER}/desk.png` });
  },
  { langs: ["en"] },
);
