import { describeInterleavings } from '../support/flow/interleavings.js';

describeInterleavings(Number(process.env['INTERLEAVINGS'] ?? 6000));
