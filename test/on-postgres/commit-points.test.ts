import { tellOnPostgres } from '../fixtures/postgres/test-server.ts';

// A few of them; `HEARBACK_TEST_STORE=postgres npm test -- test/crash` kills engines at all.
process.env['HEARBACK_CRASH_POINTS'] ??= '2';
await tellOnPostgres('engines killed at commit points', () => import('../crash/commit-points.test.ts'));
