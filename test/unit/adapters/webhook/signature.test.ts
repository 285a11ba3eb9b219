import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { readSecret, signatureHeaders, verifySignature } from '../../../../src/adapters/webhook/signature.ts';

/** The worked example of the Standard Webhooks specification. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const TIMESTAMP = 1_614_265_330;
const BODY = Buffer.from('{"test": 2432232314}');
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const WRONG = 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=';

const at = (seconds: number) => new Date(seconds * 1_000);
const headers = (signature = SIGNATURE, more: Record<string, string> = {}) => ({
  'webhook-id': ID,
  'webhook-timestamp': String(TIMESTAMP),
  'webhook-signature': signature,
  ...more,
});
const verify = (given: { signed?: ReturnType<typeof headers>; body?: Uint8Array; now?: number; secrets?: string[] }) =>
  verifySignature((given.secrets ?? [SECRET]).map(readSecret), given.signed ?? headers(), given.body ?? BODY, {
    now: at(given.now ?? TIMESTAMP),
    toleranceSeconds: 300,
  });

describe('signing', () => {
  it('gives the signature of the specification’s example', () => {
    expect(signatureHeaders([readSecret(SECRET)], { id: ID, body: BODY, now: at(TIMESTAMP) })).toEqual(headers());
  });

  it('signs with every current secret, so that the receiver may hold the old or the new one', () => {
    const signed = signatureHeaders([SECRET, OTHER_SECRET].map(readSecret), { id: ID, body: BODY, now: at(TIMESTAMP) });
    expect(signed['webhook-signature'].split(' ')).toHaveLength(2);
    for (const secret of [SECRET, OTHER_SECRET]) {
      expect(verify({ signed, secrets: [secret] })).toEqual({ ok: true, id: ID });
    }
  });

  it('gives the same for broken UTF-8 as for bytes of any kind: the exact bytes count', () => {
    const secret = readSecret(SECRET);
    const stamp = { id: ID, timestamp: TIMESTAMP };
    expect(secret.sign(stamp, Buffer.from([0xc3]))).not.toBe(secret.sign(stamp, Buffer.from([0xe2])));
  });

  it('agrees with the published library on every text, and verifies on every sequence of bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 40 }), (text, bytes) => {
        const stamp = { id: ID, timestamp: TIMESTAMP };
        const ours = readSecret(SECRET).sign(stamp, Buffer.from(text));
        expect(ours).toBe(new Webhook(SECRET).sign(ID, at(TIMESTAMP), Buffer.from(text)));
        const signed = headers(readSecret(SECRET).sign(stamp, bytes));
        expect(verify({ signed, body: bytes }).ok).toBe(true);
        expect(verify({ signed, body: Buffer.concat([bytes, Buffer.from([0])]) }).ok).toBe(false);
      }),
    );
  });
});

describe('verifying', () => {
  it('accepts the specification’s example', () => {
    expect(verify({})).toEqual({ ok: true, id: ID });
  });

  it.each([
    ['a body that was parsed and written again', { body: Buffer.from('{"test":2432232314}') }, 'no-match'],
    ['a signature of another version', { signed: headers(SIGNATURE.replace('v1', 'v2')) }, 'no-match'],
    ['a wrong signature', { signed: headers(WRONG) }, 'no-match'],
    ['a signature made with another secret', { secrets: [OTHER_SECRET] }, 'no-match'],
    ['another id than was signed', { signed: headers(SIGNATURE, { 'webhook-id': 'msg_x' }) }, 'no-match'],
    ['a shortened signature', { signed: headers(SIGNATURE.slice(0, -4)) }, 'no-match'],
    ['a timestamp of more than 5 minutes ago', { now: TIMESTAMP + 301 }, 'too-old'],
    ['a timestamp more than 5 minutes ahead', { now: TIMESTAMP - 301 }, 'too-new'],
    [
      'an id with a dot, which separates what is signed',
      { signed: headers(SIGNATURE, { 'webhook-id': 'a.1' }) },
      'header-malformed',
    ],
    [
      'a timestamp that is not plainly a number',
      { signed: headers(SIGNATURE, { 'webhook-timestamp': `${TIMESTAMP}x` }) },
      'header-malformed',
    ],
    ['no signature', { signed: headers('') }, 'header-missing'],
  ])('refuses %s', (_what, given, why) => {
    expect(verify(given)).toEqual({ ok: false, why });
  });

  it('accepts at exactly 5 minutes, either way', () => {
    expect(verify({ now: TIMESTAMP + 300 }).ok).toBe(true);
    expect(verify({ now: TIMESTAMP - 300 }).ok).toBe(true);
  });

  it('accepts when one of several signatures and one of several secrets fit', () => {
    expect(verify({ signed: headers(`${WRONG} ${SIGNATURE}`) }).ok).toBe(true);
    expect(verify({ secrets: [OTHER_SECRET, SECRET] }).ok).toBe(true);
  });

  it('refuses when there is no secret at all', () => {
    expect(verify({ secrets: [] }).ok).toBe(false);
  });
});

describe('a secret', () => {
  it('may stand without its prefix', () => {
    expect(verify({ secrets: [SECRET.replace('whsec_', '')] }).ok).toBe(true);
  });

  it.each([
    ['not base64', 'whsec_not base64 at all, but long enough!'],
    ['shorter than 24 bytes', `whsec_${Buffer.alloc(23).toString('base64')}`],
    ['empty', 'whsec_'],
  ])('is refused when it is %s, without being repeated', (_what, text) => {
    expect(() => readSecret(text)).toThrow(/^a webhook secret is (not base64|shorter than 24 bytes)$/);
  });
});
