import { describe } from '@jest/globals';
import { lastingContract } from './lasting.ts';
import { sqlitePlaces } from './sqlite-place.ts';
import { storeContract } from './store-contract.ts';

describe('the record on SQLite', () => {
  storeContract(sqlitePlaces(false));
});

/* Threads change how an operation travels, not what it does: the topic in which travelling matters. */
describe('the record on SQLite in threads of its own', () => {
  lastingContract(sqlitePlaces(true));
});
