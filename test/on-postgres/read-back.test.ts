import { tellOnPostgres } from '../fixtures/postgres/test-server.ts';

await tellOnPostgres('read-back', () => import('../loop/read-back.test.ts'));
