import { describe } from '@jest/globals';
import { changingContract } from './changing.ts';
import { holdingContract } from './holding.ts';
import { lanesContract } from './lanes.ts';
import { lastingContract } from './lasting.ts';
import { mappingVersionsContract } from './mapping-versions.ts';
import { modelContract } from './model.ts';
import { readBackContract } from './read-back.ts';
import { readingContract } from './reading.ts';
import { receivingContract } from './receiving.ts';
import { searchingContract } from './searching.ts';
import { sqlitePlaces } from './sqlite-place.ts';

describe('the record on SQLite', () => {
  const places = sqlitePlaces(false);
  receivingContract(places);
  changingContract(places);
  lanesContract(places);
  holdingContract(places);
  readingContract(places);
  searchingContract(places);
  lastingContract(places);
  mappingVersionsContract(places);
  readBackContract(places);
  modelContract(places);
});

/* Threads change how an operation travels, not what it does: the topic in which travelling matters. */
describe('the record on SQLite in threads of its own', () => {
  lastingContract(sqlitePlaces(true));
});
