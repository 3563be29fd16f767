/**
 * What the tests of a store or of an application import.
 *
 * @module countersign/testing
 */
export { checkHistory } from './check-history.js';
export type { HistoryRules, HistoryVerdict } from './check-history.js';
export type { HistoryEntry, HistoryOptions, HistoryRead, HistoryWrite } from './history.js';
export { recordHistory } from './record-history.js';
export type { RecordedStore } from './record-history.js';
export { outbox } from './outbox.js';
export type { OutgoingMail } from '../email-token/settings.js';
export type { Outbox } from './outbox.js';
export { testClock } from './test-clock.js';
export type { TestClock } from './test-clock.js';
export type { StoreClock } from './store-probe.js';
export { testStore } from './test-store.js';
export type { StoreSuite } from './test-store.js';
