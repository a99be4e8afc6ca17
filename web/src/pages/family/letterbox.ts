/** The letterbox itself: joining, opening it, the plan, and what somebody may set, ask for or leave. */

export { Account } from "./join/account.tsx";
export { Add } from "./join/add.tsx";
export { Code } from "./join/code.tsx";
export { Done } from "./join/done.tsx";
export { Messages as FirstMessages } from "./join/messages.tsx";
export { Plan } from "./join/plan.tsx";
export { Try } from "./join/try.tsx";
export { Waiting } from "./join/waiting.tsx";
export { Words } from "./join/words.tsx";
export { Forgot } from "./settings/forgot.tsx";
export { Goodbye } from "./settings/goodbye.tsx";
export { Help } from "./settings/help.tsx";
export { Messages } from "./settings/messages.tsx";
export { NewWords, TryNewWords } from "./settings/new_words.tsx";
export { Settings } from "./settings/settings.tsx";
export { Unlock } from "./settings/unlock.tsx";
