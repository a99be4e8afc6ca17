/** Where news may be sent: sealed to the notification service alone. */

import type * as Api from "../api_types.ts";
import type { Keys } from "../keys.ts";
import type { MessagesChoice } from "./drafts.ts";
import type { Letterbox } from "./letterbox.ts";

/** A contact point without its content: nobody but the notification service reads that. */
export type Contact = Api.Contact;

export function contacts(): Promise<Contact[]> { throw new Error("soon"); }
export function setContact(_keys: Keys, _letterbox: Letterbox, _choice: MessagesChoice): Promise<void> { throw new Error("soon"); }
