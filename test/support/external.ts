export * from './engines/external.js';
