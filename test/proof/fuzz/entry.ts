/** What the fuzzer calls: the package's entry point, and the readers below it that take text from outside. */
export * from '../../../src/index.js';
export { normalizeTyped, readCode } from '../../../src/otp/code.js';
