export * from './faults/scheduler.js';
