import { describeInterleavings } from '../support/flow/interleavings.js';

describeInterleavings(300);
