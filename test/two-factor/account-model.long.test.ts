import './account-model.test.js';
