import { describeOnPostgres } from '../../fixtures/postgres/test-server.ts';
import { postgresPlaces } from './postgres-place.ts';
import { storeContract } from './store-contract.ts';

await describeOnPostgres('the record on PostgreSQL', (server) => storeContract(postgresPlaces(server)));
