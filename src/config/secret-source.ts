import { z } from 'zod';
import type { Flaw } from './problem.ts';
import { somePath, textLike } from './values.ts';

/** Where a secret is found. The secret itself never stands in the configuration. */
export type SecretSource = { readonly env: string } | { readonly file: string };

/** Where the SHA-256 (lower-case hex) of a bearer token is found, or the digest itself. */
export type TokenSource =
  | { readonly sha256: string }
  | { readonly sha256Env: string }
  | { readonly sha256File: string };

/** The keys under which secrets are named: what is written there is never repeated in a finding. */
export const SECRET_KEYS: readonly string[] = ['secrets', 'tokens', 'token', 'connection', 'clientSecret'];

export const LITERAL_SECRET: Flaw = {
  rule: 'config/literal-secret',
  message: 'A secret must not stand in the configuration itself.',
  remedy:
    'Put it into an environment variable or a file, name that here ({ env: NAME } or { file: path }; for a token of a FHIR inlet { sha256: digest }), and replace the secret: it has been written down.',
};

const NOT_ONE_SOURCE: Flaw = {
  rule: 'config/secret-source',
  message: 'Exactly one source must be named for a secret.',
  remedy: 'Name one: { env: NAME } or { file: path }.',
};

const NOT_ONE_TOKEN: Flaw = {
  rule: 'config/secret-source',
  message: 'Exactly one source must be named for the digest of a token.',
  remedy: 'Name one: { sha256: digest }, { sha256Env: NAME } or { sha256File: path }.',
};

const variable = textLike(/^[A-Z][A-Z0-9_]*$/, {
  rule: 'config/bad-variable',
  message: 'This is not the name of an environment variable.',
  remedy: 'Write the name of the variable (capital letters, digits, underscores), never the secret itself.',
});

const hexDigest = textLike(/^[0-9a-f]{64}$/, {
  rule: 'config/bad-digest',
  message: 'This is not a SHA-256 digest in lower-case hex.',
  remedy:
    "Write the 64 characters that `printf %s TOKEN | sha256sum | cut -d' ' -f1` prints. If it was the token itself, replace the token: it has been written down.",
});

export const secretSource = z
  .strictObject({
    env: variable.optional().describe('Name of the environment variable that holds the secret.'),
    file: somePath.optional().describe('File that holds the secret (a line end at its end is dropped).'),
  })
  .transform((named, context): SecretSource => {
    if (named.env !== undefined && named.file === undefined) return { env: named.env };
    if (named.file !== undefined && named.env === undefined) return { file: named.file };
    context.issues.push({ code: 'custom', input: {}, message: NOT_ONE_SOURCE.message, params: { ...NOT_ONE_SOURCE } });
    return z.NEVER;
  });

export const tokenSource = z
  .strictObject({
    sha256: hexDigest.optional().describe('SHA-256 of the token in lower-case hex. The token must be random and long.'),
    sha256Env: variable.optional().describe('Name of the environment variable that holds that digest.'),
    sha256File: somePath.optional().describe('File that holds that digest.'),
  })
  .transform((named, context): TokenSource => {
    const { sha256, sha256Env, sha256File } = named;
    if (Object.values(named).filter((value) => value !== undefined).length === 1) {
      if (sha256 !== undefined) return { sha256 };
      if (sha256Env !== undefined) return { sha256Env };
      if (sha256File !== undefined) return { sha256File };
    }
    context.issues.push({ code: 'custom', input: {}, message: NOT_ONE_TOKEN.message, params: { ...NOT_ONE_TOKEN } });
    return z.NEVER;
  });
