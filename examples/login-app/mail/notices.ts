import { renderNotice, type TwoFactorEvent } from 'countersign';
import { findCustomer } from '../data/customers.js';
import type { CustomerNotebook } from '../data/customer-notes.js';
import { locales } from '../words/languages.js';
import type { Deliver } from './deliver.js';

/** Tells customers of a change to their account, since they may not have made it. */
export function createNotices(deliver: Deliver, notebook: CustomerNotebook, service: string) {
  return async (event: TwoFactorEvent): Promise<void> => {
    if (event.decoy === true || renderNotice(event) === null) return;
    const { email, timeZone } = findCustomer(event.userId);
    const { language } = await notebook.read(event.userId);
    const notice = renderNotice(event, { appName: service, locale: locales[language], timeZone });
    if (notice !== null) await deliver({ to: email, ...notice });
  };
}
