import { tellOnPostgres } from '../fixtures/postgres/test-server.ts';

await tellOnPostgres('unmapped-need', () => import('../loop/unmapped-need.test.ts'));
