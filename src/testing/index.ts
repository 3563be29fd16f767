/**
 * What the tests of a store or of an application import.
 *
 * @module countersign/testing
 */
export { checkHistory, type HistoryRules, type HistoryVerdict } from './check-history.js';
export { checkLanguage } from './language-cases.js';
export {
  type HistoryEntry,
  type HistoryOptions,
  type HistoryRead,
  type HistoryWrite,
  recordHistory,
  type RecordedStore,
} from './record-history.js';
export { outbox, type Outbox } from './outbox.js';
export type { OutgoingMail } from '../email-token/settings.js';
export { testClock, type TestClock } from './test-clock.js';
export type { StoreClock } from './store-probe.js';
export { testStore, type StoreSuite } from './test-store.js';
