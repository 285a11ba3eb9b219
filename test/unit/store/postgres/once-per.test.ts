import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { oncePer } from '../../../../src/store/postgres/bell.ts';

describe('what is heard from many engines', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  function heard() {
    let calls = 0;
    const one = oncePer(50, () => {
      calls += 1;
    });
    return { ...one, calls: () => calls };
  }

  it('is acted on at once', () => {
    const { call, calls } = heard();
    call();
    expect(calls()).toBe(1);
  });

  it('is acted on once for all that is said meanwhile, and after it', () => {
    const { call, calls } = heard();
    for (let said = 0; said < 10; said += 1) call();
    expect(calls()).toBe(1);
    jest.advanceTimersByTime(50);
    expect(calls()).toBe(2);
    jest.advanceTimersByTime(500);
    expect(calls()).toBe(2);
  });

  it('never leaves what was said last without an act', () => {
    const { call, calls } = heard();
    call();
    jest.advanceTimersByTime(49);
    call();
    jest.advanceTimersByTime(1);
    expect(calls()).toBe(2);
    call();
    expect(calls()).toBe(2);
    jest.advanceTimersByTime(50);
    expect(calls()).toBe(3);
  });

  it('is at once again after a silence', () => {
    const { call, calls } = heard();
    call();
    jest.advanceTimersByTime(51);
    call();
    expect(calls()).toBe(2);
  });

  it('is not acted on after the end', () => {
    const { call, calls, stop } = heard();
    call();
    call();
    stop();
    call();
    jest.advanceTimersByTime(500);
    expect(calls()).toBe(1);
  });
});
