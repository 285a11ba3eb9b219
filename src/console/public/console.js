// What pages are without it they stay with it: this only makes parts of the NHS template easier to use.
import './again.js';
import './lineage.js';
import { initAll } from './nhsuk-frontend.js';

initAll();
