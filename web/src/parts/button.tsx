/** Buttons and links. A button does something here; a link goes somewhere. */

import type { ComponentChildren } from "preact";
import { useApp } from "../app.tsx";

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  readonly id?: string;
  /** While what it started is under way. */
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly kind?: "primary" | "secondary" | "warning";
  /** "submit" inside a form. */
  readonly type?: "button" | "submit";
  readonly describedBy?: string;
  readonly keys?: string;
}

const KINDS = { primary: "", secondary: " govuk-button--secondary", warning: " govuk-button--warning" };

/** A button. A busy one stays in reach of assistive technology and does nothing. */
export function Button(props: ButtonProps) {
  const { children, onClick, id, busy = false, disabled = false, kind = "primary", type = "button" } = props;
  const off = busy || disabled;
  return (
    <button
      class={`govuk-button${KINDS[kind]}`}
      type={type}
      id={id}
      aria-disabled={off ? "true" : undefined}
      aria-describedby={props.describedBy}
      aria-keyshortcuts={props.keys}
      onClick={(event) => {
        if (off) event.preventDefault();
        else onClick?.();
      }}
    >
      {children}
    </button>
  );
}

interface LinkProps {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly id?: string;
}

/** A link inside the site: the router takes plain clicks, the browser keeps all others. */
export function Link({ to, children, class: name = "govuk-link", id }: LinkProps) {
  const { go } = useApp();
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a class={name} href={to} id={id} onClick={follow}>
      {children}
    </a>
  );
}

/** A link that is the page's main step. */
export function ButtonLink({
  to,
  children,
  secondary = false,
}: {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly secondary?: boolean;
}) {
  return (
    <Link to={to} class={`govuk-button${secondary ? KINDS.secondary : ""}`}>
      {children}
    </Link>
  );
}
