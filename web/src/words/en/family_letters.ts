/** Reading and writing letters. */

import letters from "./letters.json";
import write from "./write.json";

export default { ...letters, ...write };
