/** The desk: checking letters, and what reaches the team. One fetch. */

export { Check } from "./desk/check.tsx";
export { Done } from "./desk/done.tsx";
export { Messages } from "./desk/messages.tsx";
export { Quarantine } from "./desk/quarantine.tsx";
export { Queue } from "./desk/queue.tsx";
export { Review } from "./desk/review.tsx";
export { SecondDecisions } from "./desk/second_decisions.tsx";
export { Shortcuts } from "./desk/shortcuts.tsx";
export { Today } from "./desk/today.tsx";
