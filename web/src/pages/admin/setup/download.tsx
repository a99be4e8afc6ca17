/** A file that is made here and saved here: it never travels. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

interface DownloadProps {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly children: ComponentChildren;
}

export function Download({ name, bytes, children }: DownloadProps) {
  const [address, setAddress] = useState<string | undefined>(undefined);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return (
    <p class="govuk-body">
      <a class="govuk-button govuk-button--secondary" href={address} download={name}>
        {children}
      </a>
    </p>
  );
}
