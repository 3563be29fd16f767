export { outbox } from './outbox.js';
export type { Outbox, OutboxMail } from './outbox.js';
export { testClock } from './test-clock.js';
export type { TestClock } from './test-clock.js';
export type { StoreClock } from './store-probe.js';
export { testStore } from './test-store.js';
export type { StoreSuite } from './test-store.js';
