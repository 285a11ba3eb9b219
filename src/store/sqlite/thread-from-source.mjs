/*
 * Starts a store's thread from TypeScript source (tests, demo): the loader's own --import flag works only in main
 * threads, so it is registered here. The compiled program starts its .js entries directly and does not ship this file.
 */
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.entry);
