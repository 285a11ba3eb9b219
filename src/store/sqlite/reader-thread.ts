import { serveThread } from './serve-thread.ts';
import { openReadingSide } from './side.ts';

/* The entry of the thread that reads. */
serveThread(openReadingSide);
