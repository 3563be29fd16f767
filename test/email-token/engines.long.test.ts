import './engines.test.js';
