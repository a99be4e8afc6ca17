/** Ways round the agency: plans to meet, and asking to keep something quiet. */

import type { Rule, WriterRule } from "./rule.ts";

/** A treat is no secret to look at. */
const TREAT = /surprise|present|birthday|party|cake|christmas|easter|mother'?s day|father'?s day|syrpreis|anrheg|pen-?blwydd|parti|cacen|nadolig|pasg/i;

const meet = (find: RegExp): Rule<WriterRule> => ({ rule: "meeting", severity: "strong", find });
const hush = (find: RegExp): Rule<WriterRule> => ({ rule: "secret", severity: "strong", find, unless: TREAT });

export const meeting: readonly Rule<WriterRule>[] = [
  meet(/(?:let['’]?s|let us|can we|could we|shall we|we could|we should|want to|like to|love to|come and|come to|try to|going to|will|i['’]ll|and)\s+meet(?:\s+(?:up|me|us|you|again|there|at|in|on|outside|one day))?(?!\p{L})/giu),
  meet(/meet(?:ing)?\s+(?:up\s+with\s+)?(?:me|us)\s+(?:at|in|on|by|outside|near|after|there)(?!\p{L})/giu),
  meet(/(?:come|coming|pop|drop)\s+(?:and|to|by|in|round|over)\s+(?:(?:see|find|visit|stay with)\s+)(?:me|us|you|him|her|them)(?!\p{L})/giu),
  meet(/(?:come|pop|drop)\s+(?:round|over|in|by|to (?:my|our) (?:house|home|flat|door|place))(?!\p{L})/giu),
  meet(/(?:i['’]ll|i will|we['’]ll|we will)\s+(?:be\s+)?(?:wait(?:ing)?|stand(?:ing)?|watch(?:ing)?|look(?:ing)? out)\s+(?:for\s+\p{L}+\s+)?(?:at|by|outside|near|in|on)(?!\p{L})/giu),
  meet(/look\s+(?:out\s+)?for\s+(?:me|us)\s+(?:at|by|outside|near|in|on)(?!\p{L})/giu),
  meet(/(?:where (?:do|are) you (?:live|living|staying)|what (?:school|town|street|village)\s+(?:do|are|is)\s+(?:you|he|she|they)|which (?:school|town|street|village))(?!\p{L})/giu),
  meet(/(?:i|we)\s+(?:know|found out|worked out)\s+where\s+(?:you|he|she|they)\s+(?:live|lives|go|goes|are|is)(?!\p{L})/giu),
  meet(/(?:cwrdd|cyfarfod|gwrdd|gyfarfod)\s+(?:â|ag|gyda)\s*(?:fi|ni|ti|chi|thi|nhw|ein gilydd)(?!\p{L})/giu),
  meet(/(?:dere|dewch|tyrd|tyrwch)\s+(?:i['’]?(?:n|m|w)?|draw)\s*(?:gweld|ymweld|weld|ngweld|i['’]?n gweld|i['’]?m gweld)?(?=\s|[.,!?]|$)/giu),
  meet(/(?:ble|lle)\s+(?:rwyt ti|wyt ti|ydych chi|dych chi|rydych chi|ydach chi|dach chi)['’]n\s+byw/giu),
  meet(/(?:bydda i|byddwn ni|mi fydda i)['’]?n?\s+(?:aros|disgwyl|sefyll)\s+(?:\p{L}+\s+){0,3}(?:wrth|tu allan|ger|yn)/giu),
  hush(/(?:don['’]?t|do not|never|please don['’]?t)\s+(?:tell|show|say (?:anything|a word) to|let on to)\s+(?:your|the|my|his|her|their|any|mum|mam|mummy|dad|daddy|nan|them|beth|anyone|anybody)(?:\s+\p{L}+)?/giu),
  hush(/(?:keep\s+(?:this|it|that)\s+(?:a\s+)?secret|our (?:little )?secret|just between (?:us|you and me)|between you and me|keep (?:this|it) (?:to yourself|quiet|hidden)|hide this (?:letter|note))(?!\p{L})/giu),
  hush(/(?:paid|peidiwch|peidia)\s+(?:â\s+)?(?:dweud|deud|dangos)\s+(?:wrth|i)(?:\s+\p{L}+)?/giu),
  hush(/(?:ein cyfrinach|cyfrinach fach|rhyngot ti a fi|rhyngoch chi a fi|rhyngom ni)(?!\p{L})/giu),
];
