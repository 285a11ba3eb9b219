import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkUrl, guardedLookup, isPublicAddress } from '../../../../src/adapters/webhook/address-guard.ts';

const FORBIDDEN = [
  ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1', 'fc00::1', 'fec0::1']],
  ['loopback', ['127.0.0.1', '127.255.255.254', '::1']],
  ['link-local', ['169.254.1.1', 'fe80::1', 'fe80::1%eth0']],
  ['carrier-grade NAT', ['100.64.0.1', '100.127.255.255']],
  ['multicast or broadcast', ['224.0.0.1', '239.1.1.1', '255.255.255.255', 'ff02::1']],
  ['unspecified', ['0.0.0.0', '0.1.2.3', '::']],
  [
    'a cloud’s metadata service',
    ['169.254.169.254', '100.100.100.200', '168.63.129.16', 'fd00:ec2::254', '192.0.0.192'],
  ],
  [
    'IPv4 within IPv6',
    ['::ffff:10.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::a00:1', '2002:a00:1::', '2001::1'],
  ],
  ['reserved', ['192.0.2.1', '198.18.0.1', '240.0.0.1', '2001:db8::1', '100::1', '5f00::1', '4000::1']],
  ['no address', ['', 'localhost', '1.2.3', '0x7f.1']],
] as const;

describe('an address', () => {
  it.each(FORBIDDEN.flatMap(([kind, addresses]) => addresses.map((address) => [address, kind])))(
    '%s must not be called: %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(false);
    },
  );

  it.each(['8.8.8.8', '93.184.215.14', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it('never passes within 10/8, 127/8 or 192.168/16, however its last parts are', () => {
    fc.assert(
      fc.property(fc.constantFrom('10.1', '127.0', '192.168'), fc.nat(255), fc.nat(255), (start, c, d) => {
        expect(isPublicAddress(`${start}.${c}.${d}`)).toBe(false);
        expect(isPublicAddress(`::ffff:${start}.${c}.${d}`)).toBe(false);
      }),
    );
  });
});

describe('a partner’s URL', () => {
  const verdict = (url: string, local = false) => 'url' in checkUrl(url, local);

  it.each([
    'http://platform.example/hook',
    'ftp://platform.example/hook',
    'https://user:pass@platform.example/hook',
    'https://token@platform.example/hook',
    'https://127.0.0.1/hook',
    'https://[::1]/hook',
    'https://2130706433/hook',
    'https://0x7f.1/hook',
    'https://017700000001/hook',
    'https://[::ffff:7f00:1]/hook',
    'https://169.254.169.254/latest/meta-data',
    'not a url',
    '',
  ])('%s is refused', (url) => {
    expect(verdict(url)).toBe(false);
  });

  it.each(['https://platform.example/hook', 'https://platform.example:8443/hook?a=b', 'https://8.8.8.8/hook'])(
    '%s is accepted',
    (url) => {
      expect(verdict(url)).toBe(true);
    },
  );

  it('may be plain http and private for a partner declared local, but never with credentials or another scheme', () => {
    expect(verdict('http://127.0.0.1:9000/hook', true)).toBe(true);
    expect(verdict('http://user:pass@127.0.0.1:9000/hook', true)).toBe(false);
    expect(verdict('file:///etc/passwd', true)).toBe(false);
  });

  it('is not repeated in the finding: it may hold a token', () => {
    const checked = checkUrl('https://secret-token@platform.example/hook', false);
    expect(checked).toMatchObject({ finding: { rule: 'webhook/address-refused' } });
    expect(JSON.stringify(checked)).not.toContain('secret-token');
  });
});

describe('the lookup of a connection', () => {
  type SystemLookup = NonNullable<Parameters<typeof guardedLookup>[0]>;
  const resolving = (addresses: LookupAddress[], error: NodeJS.ErrnoException | null = null) => {
    const fake = (_host: string, _options: object, callback: (e: typeof error, a: LookupAddress[]) => void) =>
      callback(error, addresses);
    const guarded = guardedLookup(fake as unknown as SystemLookup);
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
    expect(came).toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  it('refuses a name that resolves to nothing', async () => {
    expect(await resolving([])(true)).toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  it('hands on the resolver’s own failure', async () => {
    const failure = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    expect(await resolving([], failure)(true)).toBe(failure);
  });
});
