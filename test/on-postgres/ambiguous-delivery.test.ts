import { tellOnPostgres } from '../fixtures/postgres/test-server.ts';

await tellOnPostgres('ambiguous-delivery', () => import('../loop/ambiguous-delivery.test.ts'));
