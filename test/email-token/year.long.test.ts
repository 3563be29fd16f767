import './year.test.js';
