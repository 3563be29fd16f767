import { describeOwnerYears } from '../support/flow/owner-years.js';

describeOwnerYears({ days: 40, instants: 15, seed: 1 });
