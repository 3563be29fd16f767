import './interleavings.test.js';
