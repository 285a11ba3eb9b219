import { tellOnPostgres } from '../fixtures/postgres/test-server.ts';

await tellOnPostgres('completed-with-scores', () => import('../loop/completed-with-scores.test.ts'));
