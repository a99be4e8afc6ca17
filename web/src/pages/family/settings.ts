/** Opening the letterbox, and what somebody may set, ask for or leave. */

export { Forgot } from "./settings/forgot.tsx";
export { Goodbye } from "./settings/goodbye.tsx";
export { Help } from "./settings/help.tsx";
export { Messages } from "./settings/messages.tsx";
export { NewWords, TryNewWords } from "./settings/new_words.tsx";
export { Settings } from "./settings/settings.tsx";
export { Unlock } from "./settings/unlock.tsx";
