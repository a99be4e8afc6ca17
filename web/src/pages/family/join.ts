/** Joining: from the posted code to Home, and the plan, which is looked at later too. */

export { Account } from "./join/account.tsx";
export { Add } from "./join/add.tsx";
export { Code } from "./join/code.tsx";
export { Done } from "./join/done.tsx";
export { Messages } from "./join/messages.tsx";
export { Plan } from "./join/plan.tsx";
export { Try } from "./join/try.tsx";
export { Waiting } from "./join/waiting.tsx";
export { Words } from "./join/words.tsx";
