#!/usr/bin/env node
/**
 * Asks an engine on this machine whether it is ready, and ends with 0 or 1: for supervisors that run a command (HEALTHCHECK of a
 * container). It loads nothing, since it is run every few seconds beside the engine.
 *
 *   node bin/health.mjs [URL]   URL: the argument, else HEARBACK_HEALTH_URL, else http://127.0.0.1:8080/health/ready
 */
import { get } from 'node:http';

const PATIENCE_MS = 5_000;
const url = process.argv[2] ?? process.env.HEARBACK_HEALTH_URL ?? 'http://127.0.0.1:8080/health/ready';

/** What it answers holds no data; it is printed for whoever looks why a container is not healthy. */
function end(said, code) {
  process.stdout.write(`${said.slice(0, 500)}\n`);
  process.exitCode = code;
}

const request = get(url, { timeout: PATIENCE_MS, agent: false }, (response) => {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk) => {
    text += chunk;
  });
  response.on('end', () => end(text, response.statusCode === 200 ? 0 : 1));
});
request.on('timeout', () => request.destroy(new Error('no answer in time')));
request.on('error', (fault) => end(`${url}: ${fault.message}`, 1));
