/** The one step that sends something: public keys and signatures. */

import { found, type Prepared } from "../../../acts/ceremony.ts";
import type { Keys } from "../../../keys.ts";
import { Button } from "../../../parts/button.tsx";
import { useAction } from "../../../parts/load.tsx";
import { P, Status } from "../../../parts/text.tsx";
import { t } from "../../../words.ts";
import { Trouble } from "../../staff/people/trouble.tsx";
import type { Start } from "./token.tsx";

interface FoundProps {
  readonly keys: Keys;
  readonly start: Start;
  readonly prepared: Prepared;
  readonly onFounded: () => Promise<void>;
}

export function Found({ keys, start, prepared, onFounded }: FoundProps) {
  const go = useAction(async () => {
    await found(keys, prepared, start.token, start.name);
    prepared.root.close();
    await onFounded();
  });
  return (
    <>
      <P>{t("people.setup.found.text", { name: start.name })}</P>
      <Trouble of={go.problem} again={go.run} />
      <Status text={go.busy ? t("people.setup.founding") : ""} />
      <Button onClick={go.run} busy={go.busy}>
        {t("people.setup.found.go", { name: start.name })}
      </Button>
    </>
  );
}
