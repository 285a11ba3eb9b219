import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { begin, type CallOutcome, type Circuit, CLOSED_CIRCUIT, closedFor, end } from '../../../src/core/circuit.ts';

const options = { failures: 3, openMs: 1_000 };
const call = (outcome: CallOutcome, now: number, probe = false) => ({ outcome, now, probe, spread: 0 });
const fail = (circuit: Circuit, now: number, times = 1): Circuit =>
  Array.from({ length: times }).reduce<Circuit>((state) => end(state, call('failed', now), options), circuit);

describe('a partner’s circuit', () => {
  it('stays closed until as many failures in a row as it is told', () => {
    expect(closedFor(fail(CLOSED_CIRCUIT, 0, 2), 0)).toBe(0);
    expect(closedFor(fail(CLOSED_CIRCUIT, 0, 3), 0)).toBe(1_000);
  });

  it('forgets failures with the first answer', () => {
    const answered = end(fail(CLOSED_CIRCUIT, 0, 2), call('answered', 0), options);
    expect(closedFor(fail(answered, 0, 2), 0)).toBe(0);
  });

  it('lets exactly one probe through when its time is over', () => {
    const open = fail(CLOSED_CIRCUIT, 0, 3);
    expect(begin(open, 999, options)).toBeUndefined();
    const probing = begin(open, 1_000, options);
    expect(probing).toMatchObject({ probing: true });
    expect(probing && begin(probing, 1_000, options)).toBeUndefined();
    expect(probing && closedFor(probing, 1_000)).toBeGreaterThan(0);
  });

  it('closes when the probe is answered and opens again when it fails', () => {
    const probing = begin(fail(CLOSED_CIRCUIT, 0, 3), 1_000, options) ?? CLOSED_CIRCUIT;
    expect(end(probing, call('answered', 1_100, true), options)).toEqual(CLOSED_CIRCUIT);
    expect(closedFor(end(probing, call('failed', 1_100, true), options), 1_100)).toBe(1_000);
  });

  it('is not opened by failures at a message, however many, and does not forget others for them', () => {
    const failing = (circuit: Circuit): Circuit => end(circuit, call('failed-message', 0), options);
    let circuit = CLOSED_CIRCUIT;
    for (let count = 0; count < 10; count += 1) circuit = failing(circuit);
    expect(closedFor(circuit, 0)).toBe(0);
    expect(closedFor(fail(failing(fail(CLOSED_CIRCUIT, 0, 2)), 0, 1), 0)).toBe(1_000);
  });

  it('closes when the probe fails at its message: the partner is there', () => {
    const probing = begin(fail(CLOSED_CIRCUIT, 0, 3), 1_000, options) ?? CLOSED_CIRCUIT;
    expect(end(probing, call('failed-message', 1_100, true), options)).toEqual(CLOSED_CIRCUIT);
  });

  it('takes a probe that we dropped ourselves for no answer: another may follow at once', () => {
    const probing = begin(fail(CLOSED_CIRCUIT, 0, 3), 1_000, options) ?? CLOSED_CIRCUIT;
    const dropped = end(probing, call('dropped', 1_000, true), options);
    expect(begin(dropped, 1_000, options)).toMatchObject({ probing: true });
  });

  it('makes no room for a second probe when a call from before ends', () => {
    const probing = begin(fail(CLOSED_CIRCUIT, 0, 3), 1_000, options) ?? CLOSED_CIRCUIT;
    expect(begin(end(probing, call('dropped', 1_000), options), 1_000, options)).toBeUndefined();
  });

  it('waits as long as the partner asked, from the first failure on', () => {
    const asked = end(CLOSED_CIRCUIT, { ...call('failed', 0), retryAfterMs: 5_000 }, options);
    expect(closedFor(asked, 0)).toBe(5_000);
    expect(begin(asked, 5_000, options)).toMatchObject({ probing: false });
  });

  it('is always open for a bounded time, and closed after any answer', () => {
    const step = fc.record({
      outcome: fc.constantFrom<CallOutcome>('answered', 'failed', 'failed-message', 'dropped'),
      wait: fc.nat(2_000),
      spread: fc.double({ min: 0, max: 0.99, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let circuit = CLOSED_CIRCUIT;
        let now = 0;
        for (const { outcome, wait, spread } of steps) {
          now += wait;
          const begun = begin(circuit, now, options);
          if (begun === undefined) continue;
          circuit = end(begun, { outcome, now, spread, probe: begun.probing }, options);
          expect(closedFor(circuit, now)).toBeLessThanOrEqual(options.openMs * 1.2);
          if (outcome === 'answered') expect(closedFor(circuit, now)).toBe(0);
        }
      }),
    );
  });
});
