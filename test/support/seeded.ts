export * from './faults/seeded.js';
