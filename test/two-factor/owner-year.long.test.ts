import { describeOwnerYears } from '../support/flow/owner-years.js';

describeOwnerYears({ days: 365, instants: 1000, seed: 2 });
