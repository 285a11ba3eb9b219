import { describe, expect, it } from '@jest/globals';
import { judgeAddress } from '../../../src/core/address-judgement.ts';
import { judgeNoReply, keptReply } from '../../../src/core/http-exchange.ts';

const failed = { kind: 'failed', aborted: false } as const;

describe('an exchange without a reply', () => {
  it('is ambiguous once the request may have left, whatever else is known', () => {
    const finding = judgeAddress('10.0.0.1', { local: false });
    expect(judgeNoReply({ ...failed, written: true, code: 'ECONNRESET' }).kind).toBe('ambiguous');
    expect(judgeNoReply({ ...failed, written: true, code: 'X', ...(finding && { finding }) }).kind).toBe('ambiguous');
  });

  it('may be tried again when nothing was sent', () => {
    const result = judgeNoReply({ ...failed, written: false, code: 'ECONNREFUSED' });
    expect(result).toMatchObject({ kind: 'transient', reason: expect.stringMatching(/^ECONNREFUSED: ./) });
  });

  it('needs a person when the address must not be called', () => {
    const finding = judgeAddress('10.0.0.1', { local: false });
    const result = judgeNoReply({ ...failed, written: false, code: 'ADDRESS_REFUSED', ...(finding && { finding }) });
    expect(result).toMatchObject({ kind: 'permanent', findings: [{ rule: 'outlet/address' }] });
  });
});

describe('a reply', () => {
  const reply = { kind: 'reply', status: 200, body: Buffer.from('{}'), tooLarge: false } as const;

  it('is kept with its media type, or without one', () => {
    const headers = { 'content-type': 'application/json' };
    expect(keptReply({ ...reply, headers })).toEqual({
      status: 200,
      contentType: 'application/json',
      body: reply.body,
    });
    expect(keptReply({ ...reply, headers: {} })).toMatchObject({ contentType: '' });
  });

  it('is not kept when it was too large', () => {
    expect(keptReply({ ...reply, headers: {}, tooLarge: true })).toBeUndefined();
  });
});
