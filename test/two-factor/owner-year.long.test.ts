import { describeOwnerYears } from '../support/flow/owner-years.js';

describeOwnerYears({ days: 365, instants: 400, seed: 2 });
