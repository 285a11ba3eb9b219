import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from '@jest/globals';
import { guardedLookup } from '../../../../src/adapters/http-client/guarded-lookup.ts';

describe('the lookup of a connection', () => {
  const resolving = (addresses: LookupAddress[], error: NodeJS.ErrnoException | null = null, local = false) => {
    const guarded = guardedLookup({ local }, (_host, _options, callback) => callback(error, addresses));
    return (all: boolean) =>
      new Promise((resolve) => {
        guarded('platform.example', { all }, (failed, found, family) => resolve(failed ?? { found, family }));
      });
  };
  const good = { address: '93.184.215.14', family: 4 };

  it('hands on what is public, in either form that a socket asks for', async () => {
    expect(await resolving([good])(true)).toEqual({ found: [good], family: undefined });
    expect(await resolving([good])(false)).toEqual({ found: good.address, family: 4 });
  });

  it('refuses a name with one forbidden address among good ones', async () => {
    const came = await resolving([good, { address: '10.0.0.5', family: 4 }])(true);
    expect(came).toMatchObject({ code: 'ADDRESS_REFUSED', finding: { rule: 'outlet/address' } });
  });

  it('lets a local partner stand beside the engine, but not where nobody may', async () => {
    const beside = { address: '10.0.0.5', family: 4 };
    expect(await resolving([beside], null, true)(false)).toEqual({ found: '10.0.0.5', family: 4 });
    const metadata = { address: '169.254.169.254', family: 4 };
    expect(await resolving([beside, metadata], null, true)(true)).toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  it('refuses a name that resolves to nothing', async () => {
    expect(await resolving([])(true)).toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  it('hands on the resolver’s own failure', async () => {
    const failure = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    expect(await resolving([], failure)(true)).toBe(failure);
  });
});
