import './promises.test.js';
