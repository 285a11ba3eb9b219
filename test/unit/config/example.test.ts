import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config/read.ts';
import { TOKEN_DIGEST } from './sound-config.ts';

const FILE = resolve(import.meta.dirname, '../../../examples/hearback.yaml');
const MAPPINGS = [
  'casework/referral',
  'casework/cancel',
  'casework/report',
  'springboard/referral',
  'springboard/cancel',
  'springboard/report',
  'hl7v2/ref-i12',
  'hl7v2/adt',
];

function secretFor(name: string): string | undefined {
  if (name.endsWith('_SHA256')) return TOKEN_DIGEST;
  return name.endsWith('_SECRET') ? `whsec_${Buffer.from(name.padEnd(32, '.')).toString('base64')}` : 'a-bearer-token';
}

describe('examples/hearback.yaml', () => {
  it('is read without findings', () => {
    const io = {
      readFile: (path: string) => (path === FILE ? readFileSync(FILE, 'utf8') : undefined),
      env: secretFor,
      list: (directory: string) =>
        directory === join(dirname(FILE), '../mappings') ? MAPPINGS.map((name) => `${name}.map.yaml`) : [],
    };
    const { config, findings } = readConfig(FILE, io);
    expect(findings).toEqual([]);
    expect(config?.partners.map((partner) => partner.id)).toEqual(['oak-road', 'elm-tree', 'casework', 'springboard']);
  });
});
