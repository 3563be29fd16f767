import { escapeHtml } from 'countersign';

/** Text that is markup already. */
export class Html {
  constructor(readonly markup: string) {}
}

/** Markup of a template: whatever is put into it is escaped, unless it is markup itself. */
export function html(
  template: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[])[]
): Html {
  return new Html(String.raw({ raw: template }, ...values.map(markupOf)));
}

function markupOf(value: string | Html | readonly Html[]): string {
  if (typeof value === 'string') return escapeHtml(value);
  return value instanceof Html ? value.markup : value.map(markupOf).join('');
}
