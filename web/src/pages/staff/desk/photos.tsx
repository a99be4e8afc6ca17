/** A letter's photos, shown when the checker asks for them. */

import { useEffect, useState } from "preact/hooks";
import type { Part } from "../../../seal/index.ts";
import { plural, t } from "../../../words.ts";
import type { Keymap } from "./keymap.ts";
import { StepButton } from "./step_button.tsx";
import { photoName } from "./use_seen.ts";

interface PhotosProps {
  readonly photos: readonly Part[];
  readonly areOpen: boolean;
  readonly open: () => void;
  readonly watch: (element: HTMLElement | null) => void;
  readonly keymap: Keymap;
}

export function Photos({ photos, areOpen, open, watch, keymap }: PhotosProps) {
  if (photos.length === 0) return null;
  if (!areOpen) {
    return (
      <StepButton step="photos" keymap={keymap} onClick={open} label={plural("desk.photos.show", photos.length)} />
    );
  }
  return (
    <>
      {photos.map((photo, index) => (
        <div data-seen={photoName(index)} ref={watch} key={index}>
          <Photo photo={photo} label={t("desk.photo.nth", { n: index + 1, total: photos.length })} />
        </div>
      ))}
    </>
  );
}

/** Its bytes stay in this browser's memory and go with the page. */
function Photo({ photo, label }: { readonly photo: Part; readonly label: string }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([photo.bytes], { type: photo.type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  return url === null ? null : <img class="p-photo" src={url} alt={label} />;
}
