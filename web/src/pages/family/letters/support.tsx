/** Somebody to talk to, before a letter and after. */

import { useApp } from "../../../app.tsx";
import { Link } from "../../../parts/button.tsx";
import { P } from "../../../parts/text.tsx";
import { rich, t } from "../../../words.ts";

/** Samaritans: free, at every hour, from every phone in the UK. */
const LISTENERS = "116 123";

export function Support() {
  const { phone } = useApp();
  return (
    <>
      {phone === "" ? null : (
        <P>{rich("letters.support.team", { a: (text) => <Call phone={phone}>{text}</Call> }, { phone })}</P>
      )}
      <P>
        {rich(
          "letters.support.always",
          { a: (text) => <Call phone={LISTENERS}>{text}</Call> },
          { phone: LISTENERS },
        )}
      </P>
      <P>
        <Link to="/help">{t("letters.support.ring")}</Link>
      </P>
    </>
  );
}

function Call({ phone, children }: { readonly phone: string; readonly children: string }) {
  return (
    <a class="govuk-link" href={`tel:${phone.replace(/[^\d+]/g, "")}`}>
      {children}
    </a>
  );
}
