/** A photo that came with a letter, shown when somebody asks for it. */

import { useEffect, useState } from "preact/hooks";
import type { Part } from "../../../seal/letter.ts";
import { Button } from "../../../parts/button.tsx";
import { t } from "../../../words.ts";

interface PhotoProps {
  readonly photo: Part;
  /** Counted from 1. */
  readonly nth: number;
  readonly isShown?: boolean;
}

export function Photo({ photo, nth, isShown = false }: PhotoProps) {
  const [shown, setShown] = useState(isShown);
  return (
    <div>
      {shown ? <Picture photo={photo} alt={t("letters.photo", { n: nth })} /> : null}
      <Button kind="secondary" onClick={() => setShown(!shown)}>
        {t(shown ? "letters.photo.hide" : "letters.photo.show", { n: nth })}
      </Button>
    </div>
  );
}

/** Its bytes stay in this browser's memory, and leave it with the page. */
function Picture({ photo, alt }: { readonly photo: Part; readonly alt: string }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([photo.bytes], { type: photo.type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  return url === null ? null : <img class="p-photo" src={url} alt={alt} />;
}
