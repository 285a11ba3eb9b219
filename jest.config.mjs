import { availableParallelism } from 'node:os';

export default {
  testEnvironment: 'node',
  // Machines are shared: a test that waits for its turn has not failed.
  testTimeout: 120_000,
  // On two processors jest itself would use one: most suites only compute, and those with engines wait for disks.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // Modules of an ES module suite are never let go: a worker grew by some 20 MB a suite until Node ended it.
  workerIdleMemoryLimit: '1500MB',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  setupFiles: ['<rootDir>/test/fixtures/property-seed.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};
