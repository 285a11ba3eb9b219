import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeAddress } from '../../../src/core/address-judgement.ts';

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
    'localhost',
    '',
  ],
];

describe('an address', () => {
  it.each(['93.184.216.34', '8.8.8.8', '2606:4700:4700::1111', '::ffff:8.8.8.8'])(
    'on the public internet may be called: %s',
    (ip) => {
      expect(judgeAddress(ip, { local: false })).toBeUndefined();
      expect(judgeAddress(ip, { local: true })).toBeUndefined();
    },
  );

  it.each(NEIGHBOURS)('beside the engine is for local partners only: %s', (ip) => {
    expect(judgeAddress(ip, { local: false })).toMatchObject({ severity: 'error', issue: 'security' });
    expect(judgeAddress(ip, { local: true })).toBeUndefined();
  });

  it.each(NOBODYS)('that is nobody’s is never called: "%s"', (ip) => {
    expect(judgeAddress(ip, { local: false })).toBeDefined();
    expect(judgeAddress(ip, { local: true })).toBeDefined();
  });

  it('is judged the same when it is an IPv4 address written as IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.boolean(), (ip, local) => {
        expect(judgeAddress(`::ffff:${ip}`, { local }) === undefined).toBe(judgeAddress(ip, { local }) === undefined);
      }),
    );
  });
});
