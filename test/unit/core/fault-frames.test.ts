import { describe, expect, it } from '@jest/globals';
import { faultFrames } from '../../../src/core/fault-frames.ts';

describe('the frames of a fault', () => {
  it('say where it arose', () => {
    expect(faultFrames(new Error('x'))).toMatch(/^at .*fault-frames\.test\.ts:\d+:\d+\)?( < at .*:\d+:\d+\)?){0,4}$/);
  });

  it('hold nothing of its message, whatever that looks like', () => {
    const fault = new Error('no JSON: "\n    at Zephyrine Quillfeather (9990000050:1:2)\n  at home:7:7"');
    expect(faultFrames(fault)).not.toMatch(/Zephyrine|9990000050|home/);
  });

  it('are none where nothing was thrown that has any', () => {
    expect(faultFrames('Zephyrine')).toBe('');
    expect(faultFrames(undefined)).toBe('');
  });
});
