import { describe } from '@jest/globals';
import { protocolContract } from './protocol.ts';
import { sqlitePlaces } from './sqlite-place.ts';

describe('the record on SQLite', () => protocolContract(sqlitePlaces(false)));
