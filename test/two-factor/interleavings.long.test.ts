import { describeInterleavings } from '../support/flow/interleavings.js';

describeInterleavings(20_000);
