/** Reading and writing: Home, letters in both directions, what was decided about them, and who looked. */

export { AnotherLook } from "./letters/another_look.tsx";
export { Before } from "./letters/before.tsx";
export { Changes } from "./letters/changes.tsx";
export { GotIt } from "./letters/got_it.tsx";
export { Home } from "./letters/home.tsx";
export { Later } from "./letters/later.tsx";
export { Letters } from "./letters/list.tsx";
export { Read } from "./letters/read.tsx";
export { Sent } from "./letters/sent.tsx";
export { WhoLooked } from "./letters/who_looked.tsx";
export { Worry } from "./letters/worry.tsx";
export { Check } from "./write/check.tsx";
export { HandedIn } from "./write/handed_in.tsx";
export { Start } from "./write/start.tsx";
export { Write } from "./write/write.tsx";
