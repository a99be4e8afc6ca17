/** For checkers alone: promises and pressure, news that needs care, and words about somebody's safety. */

import type { Rule } from "./rule.ts";

const promise = (find: RegExp): Rule => ({ rule: "promise", severity: "gentle", find });
const pressure = (find: RegExp): Rule => ({ rule: "pressure", severity: "strong", find });

/** Said of laughing, of things and of wanting something badly. */
const FIGURE =
  /laugh|giggl|chwerth|embarrass|cywilydd|\b(?:battery|phone|mobile|car|engine|laptop|tablet|computer|plants?|tomato(?:es)?|beans?|flowers?|telly|tv|wifi)\b[^.!?\n]{0,20}\bdied|\bdying (?:to|for)\b|\b(?:batri|ffôn|car|planhigion|blodau)\b/i;
const news = (find: RegExp): Rule => ({ rule: "hard-news", severity: "strong", find, unless: FIGURE });
const danger = (find: RegExp): Rule => ({ rule: "danger", severity: "urgent", find, unless: FIGURE });

export const harm: readonly Rule[] = [
  promise(/(?:i|we)\s+(?:\p{L}+\s+)?(?:promise|swear)(?!\p{L})/giu),
  promise(/(?:dw i['’]n|rwy['’]n|rwyf yn|dwi['’]n|rydyn ni['’]n|ni['’]n)\s+addo(?!\p{L})/giu),
  pressure(/(?:you(?:['’]ll| will| can| could| are| should)?\s+(?:be\s+)?(?:com(?:e|ing)|mov(?:e|ing)|liv(?:e|ing))\s+(?:back\s+)?(?:home|with (?:me|us)|back))(?!\p{L})/giu),
  pressure(/(?:i|we)(?:['’]ll| will| am going to| are going to)\s+(?:get|bring|take|have|win)\s+(?:you|him|her|them)\s+(?:back|home)(?!\p{L})/giu),
  pressure(/(?:your|his|her|their)\s+real\s+(?:mum|mam|mummy|mother|dad|daddy|father|parents?|family|home|name|nan)(?!\p{L})/giu),
  pressure(/not\s+(?:your|his|her|their)\s+(?:mum|mam|mother|dad|father|parents|family)(?!\p{L})/giu),
  pressure(/(?:they|she|he|social services|the social)\s+(?:took|stole|snatched|kidnapped)\s+(?:you|him|her|them)(?!\p{L})/giu),
  pressure(/(?:it(?:['’]s| is| was)|this is)\s+(?:all\s+)?(?:your|his|her|their)\s+fault(?!\p{L})/giu),
  pressure(/if\s+you\s+(?:really\s+)?(?:loved?|cared?|wanted)(?!\p{L})[^.!?\n]{0,15}(?:me|us|about)/giu),
  pressure(/(?:you (?:owe|must|have to|had better)\s+(?:me|us|write|tell|ask|come|ring|call|say|find|send))(?!\p{L})/giu),
  pressure(/(?:you belong (?:with|to)|you(?:['’]re| are) (?:mine|ours)|they don['’]t love you)(?!\p{L})/giu),
  pressure(/(?:dy|eich)\s+(?:fam|dad|deulu|rieni|mam|tad|teulu|rhieni)\s+(?:go iawn|iawn)(?!\p{L})/giu),
  pressure(/(?:dod|dod yn ôl|symud)\s+adre(?:f)?\s+(?:ata(?: i|f)|aton ni|gyda (?:fi|ni))(?!\p{L})/giu),
  pressure(/(?:dy fai di|eich bai chi)(?!\p{L})/giu),
  news(/(?:died|passed away|passed on|has gone to heaven|funeral|cremation|is dead|was dead|lost (?:his|her|their) (?:fight|battle|life)|is dying|are dying|dying of)(?!\p{L})/giu),
  news(/(?:cancer|tumou?r|leukaemia|terminal(?:ly)?|hospice|intensive care|life support|heart attack|stroke|brain (?:bleed|injury)|dementia|months to live|weeks to live|chemo(?:therapy)?|miscarr\p{L}+|stillb\p{L}+)(?!\p{L})/giu),
  news(/(?:prison|jail|arrested|sectioned|in care again|taken into care)(?!\p{L})/giu),
  news(/(?:bu farw|fu farw|wedi marw|wedi'n gadael|angladd|cynhebrwng|canser|tiwmor|strôc|trawiad ar y galon|gofal dwys|hosbis|carchar|yn marw)(?!\p{L})/giu),
  danger(/(?:kill(?:ed|ing)?|hurt(?:ing)?|harm(?:ed|ing)?|cut(?:ting)?|hang(?:ed|ing)?)\s+(?:my|your|him|her|them)sel(?:f|ves)(?!\p{L})/giu),
  danger(/(?:suicid\p{L}+|self-?\s?harm\p{L}*|overdos\p{L}+|tak(?:e|en|ing) (?:my|his|her|their) own li(?:fe|ves)|end(?:ing)? (?:it all|my life|his life|her life))(?!\p{L})/giu),
  danger(/(?:don['’]t want to (?:live|be here|be alive|wake up)|no (?:reason|point) (?:to live|living|in living)|better off without me|better off dead|wish i (?:was|were) dead|can['’]t go on)(?!\p{L})/giu),
  danger(/(?:i|we)(?:['’]ll| will| am going to| are going to|['’]m going to)\s+(?:kill|hurt|hit|batter|stab|burn|find and)(?!\p{L})/giu),
  danger(/(?:hits?|beats?|hurts?|touche[sd]|locks?)\s+(?:me|us)(?!\p{L})(?:\s+(?:at night|in|up|with|when|every|again|there))?/giu),
  danger(/(?:lladd (?:fy|ei|dy|eich) hun(?:an)?|niweidio (?:fy|ei|dy) hun(?:an)?|hunanladdiad|hunan-?niweid\p{L}*|ddim (?:eisiau|isio|am) byw|gorddos)(?!\p{L})/giu),
];
