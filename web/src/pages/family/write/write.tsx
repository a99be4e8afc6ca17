/** F21: writing. Everything else on the page is quiet. */

import { useEffect, useState } from "preact/hooks";
import { ApiProblem, Offline } from "../../../api.ts";
import { type Draft, listDrafts } from "../../../acts/drafts.ts";
import { type Letterbox, letterboxes } from "../../../acts/letterbox.ts";
import { findLetter } from "../../../acts/letters.ts";
import { useApp, useKeys } from "../../../app.tsx";
import type { Keys } from "../../../keys.ts";
import { Load, useLoad } from "../../../parts/load.tsx";
import { type FieldError, Screen } from "../../../parts/screen.tsx";
import type { PageProps } from "../../../route.ts";
import { t } from "../../../words.ts";
import { boxOf } from "../letters/placed.ts";
import { Editor } from "./editor.tsx";

type Found = { readonly draft: Draft; readonly box: Letterbox | null } | "sent";

export function Write({ params }: PageProps) {
  const id = params["id"] ?? "";
  const keys = useKeys();
  const load = useLoad(() => look(keys, id), [keys, id]);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  return (
    <Screen title={t("write.title")} back="/home" errors={errors}>
      <Load of={load}>
        {(found) =>
          found === "sent" ? (
            <ToSent id={id} />
          ) : (
            <Editor draft={found.draft} box={found.box} refuse={setErrors} />
          )
        }
      </Load>
    </Screen>
  );
}

async function look(keys: Keys, id: string): Promise<Found> {
  const draft = (await listDrafts(keys)).find(({ letter }) => letter === id);
  if (draft !== undefined) return { draft, box: await boxIfThere(keys, draft.arrangement) };
  const letter = await findLetter(id);
  if (letter.direction === "sent") return "sent";
  throw new ApiProblem(404, "not-found", "", {});
}

/** Writing goes on without a network: then nobody is named. */
async function boxIfThere(keys: Keys, arrangement: string): Promise<Letterbox | null> {
  try {
    return boxOf(await letterboxes(keys), arrangement) ?? null;
  } catch (error) {
    if (error instanceof Offline) return null;
    throw error;
  }
}

/** It was handed in, here or on another phone. */
function ToSent({ id }: { readonly id: string }) {
  const { go } = useApp();
  useEffect(() => go(`/sent/${id}`, { replace: true }), [id]);
  return null;
}
