import { serveThread } from './serve-thread.ts';
import { openWritingSide } from './side.ts';

/* The entry of the thread that owns all writes. */
serveThread(openWritingSide);
