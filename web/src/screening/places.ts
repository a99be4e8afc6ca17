/** Where somebody can be found, and when: schools, clubs, places of work and weekly habits, in both languages. */

import type { Rule, WriterRule } from "./rule.ts";

/** Capitalised, but no name: words that stand before "school" and the like without naming one. */
const PLAIN =
  "(?:The|A|An|At|In|On|To|From|After|Before|Since|When|While|And|But|So|If|Or|My|Our|Your|His|Her|Its|Their|This|That|Every|Each|Big|Little|New|Old|First|Last|Next|Primary|Secondary|Junior|Infant|Infants|Middle|High|Nursery|Sunday|Saturday|Monday|Tuesday|Wednesday|Thursday|Friday|Summer|Boarding|Special|Local|Football|Swimming|Drama|Art|Dance|Chess|Book|Youth|Breakfast|Welsh|English|Hogwarts|Malory|Back|No|Some|Going|Dear|I|We|He|She|They|You)";
const NAME = `(?!${PLAIN}\\b)(?:St\\.?\\s+)?\\p{Lu}[\\p{L}'’-]+`;
const NAMED = `${NAME}(?:\\s+(?:\\p{Lu}[\\p{L}'’-]+|of|the|and|on|y|yr)){0,3}`;

/** Buildings whose name tells a town. */
const BUILT =
  "(?:School|Primary|Juniors|Infants|Academy|College|Nursery|Pre-?school|High School|Church|Chapel|Mosque|Temple|Synagogue|Surgery|Health Centre|Medical Centre|Hospital|Leisure Centre|Community Centre|Library|Swimming Pool|Station)";
const STREET = "(?:Road|Street|Lane|Avenue|Close|Drive|Crescent|Terrace|Gardens|Grove|Way|Court|Square|Estate|Farm)";
const CLUB =
  "(?:Rangers|Rovers|United|City|Town|Athletic|Wanderers|Harriers|Juniors|RFC|FC|AFC|CC|Swimming Club|Football Club|Rugby Club|Cricket Club|Gymnastics Club|Youth Club|Dance School|Stage School|Brownies|Guides|Rainbows|Cubs|Scouts|Beavers|Sea Cadets|Cadets)";
/** Where somebody stands on a weekly habit. */
const SPOT =
  "(?:park|pool|baths|gym|club|library|market|station|beach|church|chapel|mosque|shops?|caf[eé]|playground|leisure centre|rink|stables|allotment|pub|clinic|surgery|bus stop)";
const LANDMARK =
  "(?:station|church|chapel|mosque|school|park|hospital|harbour|castle|library|stadium|supermarket|market|cinema|bridge|beach|Tesco|Asda|Aldi|Lidl|Morrisons|Sainsbury['’]?s|Co-?op)";
const DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?";

/** Names of whole countries and words of the calendar tell nobody where to look. */
const WIDE =
  /^(?:Wales|England|Scotland|Ireland|Britain|Europe|Africa|America|Australia|the|January|February|March|April|May|June|July|August|September|October|November|December|Year|Reception|Class|Nursery|Heaven|Peace|Hope|Cymru|Lloegr|Alban|Iwerddon)$/;
const isNarrow = (found: string): boolean => !found.split(/\s+/).some((word) => WIDE.test(word));

/** Welsh nouns with the shapes that a mutation gives them. */
const WELSH =
  "(?:[Yy]sgol|[CcGg]apel|[Cc]hapel|[Nn]ghapel|[Ee]glwys|[MmFf]eddygfa|[CcGg]lwb|[Cc]hlwb|[Nn]ghlwb|[CcGg]oleg|[Cc]holeg|[Nn]gholeg|[Nn]euadd|[Ss]tryd|[Hh]eol|[Ff]fordd|[Ll]ôn|[Yy]sbyty|[TtDd]îm|[Tt]hîm|[Cc]anolfan|[Gg]anolfan|[Ll]lyfrgell|[Ll]yfrgell)";
const WELSH_PLAIN =
  "(?:Sul|Gynradd|Uwchradd|Feithrin|Fabanod|Gyfun|Newydd|Fach|Fawr|Gymraeg|Saesneg|Nofio|Drama|Ddawns|Pêl|Brecwast|Ieuenctid|Hogwarts|Mae|Roedd|Ac|Yr|Y|Ond|Pan)";

export const places: readonly Rule<WriterRule>[] = [
  { rule: "place", severity: "strong", find: new RegExp(`${NAMED}\\s+${BUILT}(?!\\p{L})`, "gu") },
  { rule: "place", severity: "strong", find: new RegExp(`(?:\\d+[a-c]?\\s+)?${NAMED}\\s+${STREET}(?!\\p{L})`, "gu") },
  {
    rule: "place",
    severity: "strong",
    find: new RegExp(
      `(?:at|to|from|of|in|attends?|joined|started|starts|leaves|called|with)\\s+(?<span>${NAMED}\\s+(?:school|primary|academy|college|nursery|church|chapel|surgery|leisure centre))(?!\\p{L})`,
      "gu",
    ),
  },
  {
    rule: "place",
    severity: "strong",
    find: new RegExp(
      `(?:school|nursery|college|club|team|church|surgery|street|town|village)(?:\\s+(?:is|was))?\\s+(?:called|named)\\s+(?<span>${NAMED})`,
      "giu",
    ),
    when: (found) => /^\p{Lu}/u.test(found),
  },
  {
    rule: "place",
    severity: "strong",
    find: new RegExp(
      `(?:plays?|playing|played|trains?|training|swims?|swimming|runs?|goes|joined|joining|member)\\s+(?:\\p{Ll}+\\s+){0,3}?(?:for|with|at|to|of)?\\s*(?:the\\s+)?(?<span>${NAMED}\\s+${CLUB})(?!\\p{L})`,
      "gu",
    ),
  },
  { rule: "place", severity: "strong", find: new RegExp(`${NAME}\\s+(?:Brownies|Cubs|Scouts|Beavers|Rainbows|Guides|(?:Swimming|Football|Rugby|Cricket|Youth|Gymnastics) Club)(?!\\p{L})`, "gu") },
  {
    rule: "place",
    severity: "gentle",
    find: /(?:live|lives|living|lived|moved|moving|move|based|staying)\s+(?:back\s+)?(?:in|to|at|near|outside)\s+(?<span>\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’-]+)?)/gu,
    when: isNarrow,
  },
  {
    rule: "place",
    severity: "strong",
    find: new RegExp(`${WELSH}\\s+(?:(?:y|yr)\\s+)?(?!${WELSH_PLAIN}(?![\\p{L}'’]))\\p{Lu}[\\p{L}'’-]+(?:[\\s-](?:\\p{Lu}[\\p{L}'’-]+|y|yr|ar)){0,3}`, "gu"),
  },
  {
    rule: "place",
    severity: "gentle",
    find: /(?:byw|byw nawr|wedi symud|symud|gweithio|aros)\s+(?:yn|ym|yng|i|ger|wrth)\s+(?<span>\p{Lu}[\p{L}'’-]+(?:[\s-]\p{Lu}[\p{L}'’-]+)?)/gu,
    when: (found) => isNarrow(found) && !/^(?:Nghymru|Gymru|Lloegr|Alban)$/.test(found),
  },
  {
    rule: "routine",
    severity: "gentle",
    find: new RegExp(
      `(?:every|each|on)\\s+(?:single\\s+)?${DAY}(?!\\p{L})[^.!?\\n]{0,50}?[^\\p{L}.!?\\n](?:at|in|outside|by|to|down)\\s+(?:the|our)\\s+(?:\\p{L}+\\s+)?${SPOT}(?!\\p{L})`,
      "giu",
    ),
  },
  {
    rule: "routine",
    severity: "gentle",
    find: new RegExp(
      `(?:at|in|outside|by|to|down)\\s+(?:the|our)\\s+(?:\\p{L}+\\s+)?${SPOT}\\s+(?:every|each|on)\\s+${DAY}(?!\\p{L})`,
      "giu",
    ),
  },
  {
    rule: "routine",
    severity: "gentle",
    find: new RegExp(
      `(?:work|works|working|job|start|starts|started|starting|live|lives|living|moved)(?!\\p{L})[^.!?\\n]{0,40}?[^\\p{L}.!?\\n](?<span>(?:(?:at|in)\\s+(?:the|a)\\s+\\p{L}+\\s+)?(?:by|near|next to|opposite|behind|beside|above|across from)\\s+(?:the\\s+)?${LANDMARK})(?!\\p{L})`,
      "giu",
    ),
  },
  {
    rule: "routine",
    severity: "gentle",
    find: /(?:(?:bob|ar)\s+(?:dydd|nos|bore|prynhawn)\s+(?:Llun|Mawrth|Mercher|Iau|Gwener|Sadwrn|Sul))(?!\p{L})[^.!?\n]{0,50}?[^\p{L}.!?\n](?:yn|yn y|yn yr|i'r|i’r|ger y|wrth y|tu allan i'r|tu allan i’r)\s+(?:parc|pwll|clwb|llyfrgell|farchnad|orsaf|traeth|eglwys|capel|siop|caffi|cae|maes|gampfa)(?!\p{L})/giu,
  },
  {
    rule: "routine",
    severity: "gentle",
    find: /(?:gweithio|dechrau|swydd|byw)(?!\p{L})[^.!?\n]{0,40}?[^\p{L}.!?\n](?<span>(?:wrth ymyl|ger|gyferbyn â|gyferbyn â'r|y tu ôl i|drws nesaf i|wrth)\s*(?:['’]r|yr?)?\s*(?:orsaf|eglwys|capel|ysgol|parc|ysbyty|harbwr|castell|llyfrgell|archfarchnad|sinema|bont|traeth))(?!\p{L})/giu,
  },
];
