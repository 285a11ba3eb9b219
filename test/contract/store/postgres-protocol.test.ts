import { describeOnPostgres } from '../../fixtures/postgres/test-server.ts';
import { postgresPlaces } from './postgres-place.ts';
import { protocolContract } from './protocol.ts';

await describeOnPostgres('the record on PostgreSQL', (server) => protocolContract(postgresPlaces(server)));
