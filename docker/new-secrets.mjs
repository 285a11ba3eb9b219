#!/usr/bin/env node
/**
 * Makes the secrets that docker/compose.yaml names, each in a file of its own under docker/secrets, which is never committed.
 * What is there already stays. Run it once: node docker/new-secrets.mjs [DIRECTORY]
 */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = process.argv[2] ?? join(import.meta.dirname, 'secrets');
const word = () => randomBytes(24).toString('base64url');
const [database, broker, token] = [word(), word(), word()];

/** The key that the message log is sealed with, as `hearback log key new` writes it (C2SP signed-note, Ed25519). */
function logKey(name) {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const typed = (bytes) => Buffer.concat([Buffer.of(1), Buffer.from(bytes, 'base64url')]);
  const id = createHash('sha256').update(`${name}\n`).update(typed(x)).digest('hex').slice(0, 8);
  return `PRIVATE+KEY+${name}+${id}+${typed(d).toString('base64')}\n`;
}

const SETS = [
  { database_password: database, database_url: `postgres://hearback:${database}@database:5432/hearback` },
  {
    broker_user: `default_user = hearback\ndefault_pass = ${broker}\n`,
    broker_url: `amqp://hearback:${broker}@broker:5672/`,
  },
  // The token is what the practice's system shows; the engine knows only its digest.
  { riverside_token: token, riverside_token_sha256: createHash('sha256').update(token).digest('hex') },
  { practice_token: word() },
  { log_key: logKey('town.example.org/hearback') },
  { casework_secret: `whsec_${randomBytes(32).toString('base64')}` },
];

mkdirSync(directory, { recursive: true, mode: 0o700 });
for (const set of SETS) {
  // What belongs together is made together: a digest of another token would let nobody in.
  const files = Object.keys(set).map((name) => join(directory, name));
  if (files.some(existsSync)) continue;
  // Readable by the user in the containers, which is not whoever runs this; the directory keeps everybody else out.
  for (const [name, text] of Object.entries(set)) writeFileSync(join(directory, name), text, { mode: 0o644 });
}
console.log(`Secrets are in ${directory}. The practice's system shows the token in riverside_token.`);
