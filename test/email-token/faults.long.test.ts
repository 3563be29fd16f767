import './faults.test.js';
