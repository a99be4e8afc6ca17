/** Joining, opening the letterbox, settings and help. */

import join from "./join.json";
import settings from "./settings.json";

export default { ...join, ...settings };
