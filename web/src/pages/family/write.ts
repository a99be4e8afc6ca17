/** Writing a letter, looking at it as its reader will, and handing it in. */

export { Check } from "./write/check.tsx";
export { HandedIn } from "./write/handed_in.tsx";
export { Start } from "./write/start.tsx";
export { Write } from "./write/write.tsx";
