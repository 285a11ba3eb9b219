import { dirname, resolve } from 'node:path';
import { readBrokerUrl } from '../core/amqp/broker-url.ts';
import { readSigningKey } from '../core/seal/note-key.ts';
import type { ConfigIo } from './io.ts';
import type { Flaw } from './problem.ts';

/** What a secret is for: each has a form of its own. */
export type Need =
  | 'text'
  | 'webhook'
  | 'digest'
  | 'broker-url'
  | 'certificate'
  | 'private-key'
  | 'database'
  | 'log-key';

interface Wanted {
  /** `env`, `file`, `sha256`, `sha256Env` or `sha256File`. */
  readonly key: string;
  readonly name: string;
  readonly need: Need;
}

/**
 * Reads one secret from where it is kept. Files are looked for beside the configuration `from.file`.
 * @returns the value without the line end at its end, or what is wrong with it (never repeating it); undefined for an unknown kind of source.
 */
export function readSecret(
  wanted: Wanted,
  from: { readonly file: string; readonly io: ConfigIo },
): { readonly value: string } | { readonly flaw: Flaw } | undefined {
  const { key, name, need } = wanted;
  let value: string | undefined;
  if (key === 'sha256') value = name;
  else if (key === 'env' || key === 'sha256Env') value = from.io.env(name);
  else if (key === 'file' || key === 'sha256File') value = from.io.readFile(resolve(dirname(from.file), name));
  else return undefined;
  if (value === undefined) return { flaw: key.toLowerCase().endsWith('env') ? NOT_SET : NOT_READABLE };
  const trimmed = value.replace(/\r?\n$/, '');
  // What the schema says of a digest written in the file itself it says better.
  const flaw = key === 'sha256' ? undefined : formFlaw(trimmed, need);
  return flaw === undefined ? { value: trimmed } : { flaw };
}

const FORMS: Readonly<Record<Need, { readonly fits: (value: string) => boolean; readonly remedy: string }>> = {
  text: {
    fits: (value) => /^[\x21-\x7e]+$/.test(value),
    remedy: 'It must be one line of printable characters without blanks.',
  },
  webhook: {
    fits: isWebhookSecret,
    remedy: 'It must be "whsec_" and at least 24 random bytes in base64: `echo whsec_$(openssl rand -base64 32)`.',
  },
  digest: {
    fits: (value) => /^[0-9a-f]{64}$/.test(value),
    remedy: "It must be a SHA-256 digest in lower-case hex: `printf %s TOKEN | sha256sum | cut -d' ' -f1`.",
  },
  'broker-url': {
    fits: (value) => readBrokerUrl(value) !== undefined,
    remedy:
      'It must be amqps://user:password@host:port/vhost, without a query; what is special in the parts is percent-encoded, the vhost "/" as %2F.',
  },
  certificate: {
    fits: (value) => value.includes('-----BEGIN CERTIFICATE-----'),
    remedy: 'It must be a certificate in PEM.',
  },
  'private-key': {
    fits: (value) => /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(value),
    remedy: 'It must be an unencrypted private key in PEM.',
  },
  'log-key': {
    fits: (value) => readSigningKey(value) !== undefined,
    remedy: 'It must be a key that `hearback log key new` has made: PRIVATE+KEY+name+id+base64.',
  },
  database: {
    fits: (value) => /^postgres(?:ql)?:\/\/[^\s/@:]+(?::[^\s/@]*)?@[^\s/?#]+\/[^\s/?#]+$/.test(value),
    remedy:
      'It must be postgres://user:password@host:port/database and nothing after that; signs like @ and / in a password are written as %40 and %2F.',
  },
};

function formFlaw(value: string, need: Need): Flaw | undefined {
  if (value.trim() === '') return EMPTY;
  const form = FORMS[need];
  if (form.fits(value)) return undefined;
  return {
    rule: 'config/bad-secret',
    message: 'What is kept there has not the form that is needed.',
    remedy: form.remedy,
  };
}

/** Standard Webhooks: symmetric secrets have 24 to 64 random bytes. */
function isWebhookSecret(value: string): boolean {
  const match = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(value);
  const bytes = Buffer.from(match?.[1] ?? '', 'base64').length;
  return bytes >= 24 && bytes <= 64;
}

const NOT_SET: Flaw = {
  rule: 'config/unreadable-secret',
  message: 'The environment variable that is named here is not set.',
  remedy: 'Set it where the engine is started, or correct the name.',
};

const NOT_READABLE: Flaw = {
  rule: 'config/unreadable-file',
  message: 'The file that is named here cannot be read (paths are taken from where this file stands).',
  remedy: "Correct the path, or let the engine's user read the file.",
};

const EMPTY: Flaw = {
  rule: 'config/empty-secret',
  message: 'What is kept there is empty.',
  remedy: 'Put the secret there.',
};
