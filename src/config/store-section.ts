import { z } from 'zod';
import { secretSource } from './secret-source.ts';
import { somePath, textLike, wholeNumber } from './values.ts';

/** What comes of `store: sqlite:FILE`. */
interface SqliteStore {
  readonly kind: 'sqlite';
  readonly path: string;
}

const storeUrl = textLike(/^sqlite:(?!:)\S+$/, {
  rule: 'config/unsupported-store',
  message: 'This store is not available.',
  remedy:
    'Write "sqlite:" and the path of the file, like "sqlite:./var/hearback.db"; or, for PostgreSQL, a section: { postgres: { connection: { env: HEARBACK_DATABASE } } }. An address with a password never stands in this file.',
}).transform((url): SqliteStore => ({ kind: 'sqlite', path: url.slice('sqlite:'.length) }));

const schemaName = textLike(/^[a-z_][a-z0-9_]{0,62}$/, {
  rule: 'config/bad-name',
  message: 'This is not the name of a schema: small letters, digits and underscores.',
  remedy: 'Write it like "hearback".',
});

const postgres = z
  .strictObject({
    connection: secretSource.describe('Where the address is kept: postgres://user:password@host:port/database.'),
    schema: schemaName
      .default('hearback')
      .describe('Schema that holds the record. It is made when it is not there; each record has its own.'),
    tls: z
      .strictObject({
        ca: somePath
          .optional()
          .describe(
            'PEM file with the authority that signed the server’s certificate, when the machine does not trust it.',
          ),
        cert: somePath.optional().describe('PEM file with a certificate to show to the server.'),
        key: somePath.optional().describe('PEM file with its private key.'),
        serverName: z
          .string()
          .min(1)
          .optional()
          .describe('Name in the server’s certificate, when it is not that of the address.'),
      })
      .optional()
      .describe('What TLS needs. Without it the connection is encrypted all the same, unless the server is `local`.'),
    local: z
      .boolean()
      .default(false)
      .describe(
        'True when the server stands on the same machine or private network: without `tls` nothing is encrypted.',
      ),
    readers: wholeNumber(1, 50)
      .default(4)
      .describe(
        'Connections for reading, beside the four that each engine writes, listens and seals with: so many for looks at one loop, and as many for searches. Each is opened when it is needed, and closed after a minute without use.',
      ),
  })
  .describe('The record in a PostgreSQL database, version 14 or later; any number of engines may share it.');

const postgresStore = z
  .strictObject({ postgres })
  .transform(({ postgres: { connection, ...rest } }) => ({ kind: 'postgres' as const, connection, ...rest }));

/** Where the record is kept: a text, or a section. */
export const storeSection = z.union([storeUrl, postgresStore]);
