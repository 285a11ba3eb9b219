import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeAddress, judgeResolved, judgeUrl } from '../../../src/core/address-judgement.ts';

const NEIGHBOURS = [
  '127.0.0.1',
  '127.9.9.9',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '::1',
  'fd00::1',
  '::ffff:10.0.0.1',
];

const NOBODYS = [
  ...['0.0.0.0', '169.254.169.254', '224.0.0.1', '255.255.255.255', '240.0.0.1', '168.63.129.16', '192.0.2.1'],
  ...[
    '::',
    'fe80::1',
    'ff02::1',
    '4000::1',
    'fec0::1',
    '::ffff:169.254.169.254',
    '::ffff:168.63.129.16',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'fe80::1%eth0',
    '100.100.100.200',
    'fd00:ec2::254',
    'fd00:ec2::254%eth0',
    '::ffff:100.100.100.200',
    'localhost',
    '1.2.3',
    '0x7f.1',
    '010.8.8.8',
    '',
  ],
];

/** For partners that are not local. */
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
  ['IPv4 within IPv6', ['::ffff:10.0.0.1', '::127.0.0.1', '64:ff9b::a00:1', '2002:a00:1::', '2001::1']],
  ['reserved', ['192.0.2.1', '198.18.0.1', '240.0.0.1', '2001:db8::1', '100::1', '5f00::1', '4000::1']],
  ['no address', ['', 'localhost', '1.2.3', '0x7f.1']],
] as const;

describe('an address', () => {
  it.each([
    '93.184.216.34',
    '93.184.215.14',
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2606:4700:4700::1111',
    '2a00:1450::1',
    '::ffff:8.8.8.8',
  ])('on the public internet may be called: %s', (ip) => {
    expect(judgeAddress(ip, { local: false })).toBeUndefined();
    expect(judgeAddress(ip, { local: true })).toBeUndefined();
  });

  it.each(NEIGHBOURS)('beside the engine is for local partners only: %s', (ip) => {
    expect(judgeAddress(ip, { local: false })).toMatchObject({ severity: 'error', issue: 'security' });
    expect(judgeAddress(ip, { local: true })).toBeUndefined();
  });

  it.each(NOBODYS)('that is nobody’s is never called: "%s"', (ip) => {
    expect(judgeAddress(ip, { local: false })).toBeDefined();
    expect(judgeAddress(ip, { local: true })).toBeDefined();
  });

  it.each(FORBIDDEN.flatMap(([kind, addresses]) => addresses.map((address) => [address, kind])))(
    'that is not public is not called: "%s" (%s)',
    (address) => {
      expect(judgeAddress(address, { local: false })).toMatchObject({ rule: 'outlet/address' });
    },
  );

  it('never passes within 10/8, 127/8 or 192.168/16, however its last parts are', () => {
    fc.assert(
      fc.property(fc.constantFrom('10.1', '127.0', '192.168'), fc.nat(255), fc.nat(255), (start, c, d) => {
        expect(judgeAddress(`${start}.${c}.${d}`, { local: false })).toBeDefined();
        expect(judgeAddress(`::ffff:${start}.${c}.${d}`, { local: false })).toBeDefined();
      }),
    );
  });

  it('is judged the same when it is an IPv4 address written as IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.boolean(), (ip, local) => {
        expect(judgeAddress(`::ffff:${ip}`, { local }) === undefined).toBe(judgeAddress(ip, { local }) === undefined);
      }),
    );
  });
});

describe('what a name resolved to', () => {
  it('is called when all of it may be', () => {
    expect(judgeResolved(['8.8.8.8', '2a00:1450::1'], { local: false })).toBeUndefined();
    expect(judgeResolved(['8.8.8.8', '10.0.0.1'], { local: true })).toBeUndefined();
  });

  it('is not called when one address of it must not be, or when it is nothing', () => {
    expect(judgeResolved(['8.8.8.8', '10.0.0.1'], { local: false })).toMatchObject({ rule: 'outlet/address' });
    expect(judgeResolved(['10.0.0.1', '169.254.169.254'], { local: true })).toMatchObject({ rule: 'outlet/address' });
    expect(judgeResolved([], { local: true })).toMatchObject({ rule: 'outlet/address' });
  });
});

describe('a partner’s URL', () => {
  const verdict = (url: string, local = false) => 'url' in judgeUrl(url, { local });

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
    expect(verdict('http://169.254.169.254/latest/meta-data', true)).toBe(false);
  });

  it.each([
    ['not a url', 'outlet/url'],
    ['http://platform.example/hook', 'outlet/url'],
    ['https://token@platform.example/hook', 'outlet/url-credentials'],
    ['https://127.0.0.1/hook', 'outlet/address'],
  ])('%s breaks the rule %s', (url, rule) => {
    expect(judgeUrl(url, { local: false })).toMatchObject({ finding: { rule, issue: 'security' } });
  });

  it('is not repeated in the finding: it may hold a token', () => {
    const checked = judgeUrl('https://secret-token@platform.example/hook', { local: false });
    expect(checked).toMatchObject({ finding: { rule: 'outlet/url-credentials' } });
    expect(JSON.stringify(checked)).not.toContain('secret-token');
  });
});
