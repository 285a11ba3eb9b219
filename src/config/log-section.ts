import { z } from 'zod';
import { secretSource } from './secret-source.ts';
import { somePath, textLike } from './values.ts';

const originName = textLike(/^[^\s+\p{White_Space}\p{Cc}]+$/u, {
  rule: 'config/bad-name',
  message: 'This is not the name of a log: it has neither blanks nor plus signs.',
  remedy: 'Write it like an address without its scheme, for example "riverside.example.org/hearback".',
});

export const logSection = z.strictObject({
  origin: originName
    .optional()
    .describe('Name of the log, as it stands in its checkpoints and its key. Left out, it is that of the key.'),
  key: secretSource
    .optional()
    .describe(
      'Where the key is kept that the log’s checkpoints are signed with (`hearback log key new`). Left out with a record on SQLite, one is made beside the record; with PostgreSQL it must be named.',
    ),
  checkpoints: somePath
    .optional()
    .describe(
      'File that every checkpoint is appended to. Where nobody who administers the database can write it, the log cannot be rolled back unseen.',
    ),
});
