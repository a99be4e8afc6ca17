/** The module worker at `/worker.js`: scrypt, off the page's thread. It has no network of its own. */

import { type Answer, type Task, work } from "./acts/slow_work.ts";
import { Refusal } from "./seal/index.ts";

addEventListener("message", ({ data }: MessageEvent<{ readonly id: number; readonly task: Task }>) => {
  const { id, task } = data;
  const answer = (message: Answer): void => postMessage(message);
  work(task)
    .then(
      (result) => answer({ id, result }),
      // Only the code of a refusal: any other error could quote what was being opened.
      (error: unknown) => answer({ id, refusal: error instanceof Refusal ? error.code : "defect" }),
    )
    .finally(() => {
      // The worker's own copies of what came with the message.
      if (task.do === "seal-wrap") task.key.fill(0);
      if (task.do === "seal-root") task.seed.fill(0);
    });
});
