'use client';

import { type ReactNode, useActionState } from 'react';
import type { FormState } from '@/app/actions';

interface FormProps {
  readonly action: (state: FormState, form: FormData) => Promise<FormState>;
  readonly button: string;
  readonly children?: ReactNode;
}

/** A form that says what was wrong. It works before React has loaded, and without JavaScript at all. */
export function Form({ action, button, children }: FormProps) {
  const [state, submit, isPending] = useActionState(action, null);
  return (
    <form action={submit}>
      {state !== null && <p role="alert">{state.problem}</p>}
      {children}
      <button disabled={isPending}>{button}</button>
    </form>
  );
}

interface CodeFieldProps {
  readonly label: string;
  readonly id?: string;
  /** For recovery codes, which have letters: a phone then shows its whole keyboard. */
  readonly isRecovery?: boolean;
}

/** One field for the whole code, so that it can be pasted, and filled in by the browser. */
export function CodeField({ label, id = 'code', isRecovery = false }: CodeFieldProps) {
  return (
    <p>
      <label htmlFor={id}>{label}</label>{' '}
      <input
        id={id}
        name="code"
        inputMode={isRecovery ? 'text' : 'numeric'}
        autoComplete={isRecovery ? 'off' : 'one-time-code'}
        required
      />
    </p>
  );
}
