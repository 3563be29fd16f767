import { describeOwnerYears } from '../support/flow/owner-years.js';

describeOwnerYears({ days: 60, instants: 25, seed: 1 });
