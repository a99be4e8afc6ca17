/** Mistakes in the forms of a page: one list, shown in the summary and at each field. */

import { createContext, type ComponentChildren } from "preact";
import { useContext, useState } from "preact/hooks";
import { type FieldError, Screen } from "../../../parts/screen.tsx";

interface Errors {
  /** What is wrong with a field. */
  of(field: string): string | undefined;
  /** In place of those before; true when there are none. */
  show(errors: readonly FieldError[]): boolean;
}

const Context = createContext<Errors>({ of: () => undefined, show: (errors) => errors.length === 0 });

export function useErrors(): Errors {
  return useContext(Context);
}

interface FormScreenProps {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly back?: string;
  readonly wide?: boolean;
  readonly isPrinted?: boolean;
}

/** A screen whose forms, however deep, report their mistakes to its summary. */
export function FormScreen({ children, ...rest }: FormScreenProps) {
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const held: Errors = {
    of: (field) => errors.find((each) => each.field === field)?.message,
    show: (next) => {
      setErrors(next);
      return next.length === 0;
    },
  };
  return (
    <Context.Provider value={held}>
      <Screen {...rest} errors={errors}>
        {children}
      </Screen>
    </Context.Provider>
  );
}
