/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import type { JSX } from 'hono/jsx/jsx-runtime';
import { type Flash, isError } from '../flash.js';
import type { View } from '../view.js';
import type { Timed } from '../words/message.js';

/** What happened, and what to do; the seconds of a wait stand outside what a screen reader announces. */
export function FlashBox({
  view,
  flash = view.flash,
}: {
  readonly view: View;
  readonly flash?: Flash | null;
}): JSX.Element {
  if (flash === null) return <></>;
  const { words, now } = view;
  const isWrong = isError(flash);
  const wait = (flash.retryAt ?? now) - now;
  return (
    <div class={isWrong ? 'alert' : 'notice'} id="message">
      <p role={isWrong ? 'alert' : 'status'}>{textOf(words.messages[flash.says], flash)}</p>
      {wait > 0 && <Countdown view={view} ms={wait} text={words.tryAgainIn} done={words.tryAgainNow} />}
    </div>
  );
}

function textOf(text: string | ((flash: Flash) => string), flash: Flash): string {
  return typeof text === 'string' ? text : text(flash);
}

interface CountdownProps {
  readonly view: View;
  readonly ms: number;
  readonly text: (time: string) => Timed;
  readonly done: string;
}

/** Text, which the page's script keeps current; from the time that is left, so that no clock must be right. */
export function Countdown({ view, ms, text, done }: CountdownProps): JSX.Element {
  if (ms <= 0) return <p>{done}</p>;
  const [before, time, behind] = text(view.words.duration(ms));
  return (
    <p data-seconds={Math.ceil(ms / 1000)} data-done={done}>
      {before}
      <span>{time}</span>
      {behind}
    </p>
  );
}

interface CodeFieldProps {
  readonly view: View;
  readonly label: string;
  readonly hint: string;
  readonly name?: 'code' | 'proof';
  /** Letters want the whole keyboard and a wide field. */
  readonly letters?: boolean;
  /** Not where the page has something above the field that people must see first. */
  readonly autofocus?: boolean;
}

/** One field that takes a paste, with or without spaces. */
export function CodeField(props: CodeFieldProps): JSX.Element {
  const { view, label, hint, name = 'code', letters = false, autofocus = false } = props;
  const isWrong = view.flash?.field === name && isError(view.flash);
  return (
    <div class="field" id={`${name}-field`}>
      <label for={name}>{label}</label>
      <p id={`${name}-hint`} class="hint">
        {hint}
      </p>
      {isWrong && <FlashBox view={view} />}
      <input
        id={name}
        name={name}
        class={letters ? 'code letters' : 'code'}
        inputmode={letters ? 'text' : 'numeric'}
        autocomplete={letters ? 'off' : 'one-time-code'}
        autocapitalize="characters"
        spellcheck={false}
        required
        autofocus={autofocus}
        aria-describedby={isWrong ? `message ${name}-hint` : `${name}-hint`}
        aria-invalid={isWrong ? 'true' : undefined}
      />
    </div>
  );
}

/** A flash that belongs to no field of the page. */
export function PageFlash({ view }: { readonly view: View }): JSX.Element {
  return view.flash?.field === undefined ? <FlashBox view={view} /> : <></>;
}

/** The flash of a code that was refused; with a wait, no attempts are told. */
export function refused(
  {
    reason,
    retryAt,
    attemptsLeft,
  }: { readonly reason: Flash['says']; readonly retryAt?: Date; readonly attemptsLeft?: number },
  about: Omit<Flash, 'says'>,
): Flash {
  return {
    says: reason,
    ...(retryAt && { retryAt: retryAt.getTime() }),
    ...(attemptsLeft !== undefined && { attemptsLeft }),
    ...about,
  };
}
