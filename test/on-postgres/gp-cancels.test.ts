import { tellOnPostgres } from '../fixtures/postgres/test-server.ts';

await tellOnPostgres('gp-cancels', () => import('../loop/gp-cancels.test.ts'));
