/** Getting in as staff, and keeping the agency: one fetch. */

export { Health } from "./health.tsx";
export { Join } from "./join.tsx";
export { LogKey } from "./log_key.tsx";
export { NewWords } from "./settings/new_words.tsx";
export { Settings } from "./settings.tsx";
export { Setup } from "./setup.tsx";
export { Staff } from "./staff.tsx";
export { Unlock } from "./unlock.tsx";
export { Waiting } from "./waiting.tsx";
