import { describe, expect, it } from '@jest/globals';
import { type CircuitGate, newCircuitGate } from '../../../src/core/circuit-gate.ts';
import type { SendResult } from '../../../src/ports.ts';

const FAILED: SendResult = { kind: 'transient', reason: 'x: y' };
const DONE: SendResult = { kind: 'acknowledged', level: 'technical' };
const REFUSED: SendResult = { kind: 'permanent', reason: 'x: y', findings: [] };

function gateAt(start: number) {
  const time = { now: start };
  const told: [string, object][] = [];
  const note = (event: string, fields: object) => void told.push([event, fields]);
  const deps = { clock: { now: () => new Date(time.now) }, log: { info: note, warn: note }, random: () => 0 };
  const gate = newCircuitGate({ partner: 'casework', channel: 'webhook' }, { failures: 2, openMs: 1_000 }, deps);
  return { gate, time, told };
}
const call = (gate: CircuitGate, result: SendResult, dropped = false) =>
  gate.through<SendResult>(async () => ({ result, dropped }));

describe('the gate in front of a partner', () => {
  it('opens after failures in a row and then answers by itself', async () => {
    const { gate } = gateAt(0);
    for (const _ of [1, 2]) expect(await call(gate, FAILED)).toBe(FAILED);
    expect(await call(gate, DONE)).toMatchObject({
      kind: 'transient',
      retryAfterMs: 1_000,
      reason: expect.stringMatching('^circuit-open: '),
    });
    expect(gate.closedFor()).toBe(1_000);
  });

  it('counts ambiguous ends as failures, and refusals as answers', async () => {
    const { gate } = gateAt(0);
    await call(gate, { kind: 'ambiguous', reason: 'x: y' });
    await call(gate, REFUSED);
    await call(gate, { kind: 'ambiguous', reason: 'x: y' });
    expect(gate.closedFor()).toBe(0);
    await call(gate, { kind: 'ambiguous', reason: 'x: y' });
    expect(gate.closedFor()).toBe(1_000);
  });

  it('stays open to others while the partner fails at one message', async () => {
    const { gate } = gateAt(0);
    for (const _ of [1, 2, 3]) await call(gate, { ...FAILED, ofMessage: true, retryAfterMs: 9_000 });
    for (const _ of [1, 2, 3]) await call(gate, { kind: 'ambiguous', reason: 'x: y', ofMessage: true });
    expect(gate.closedFor()).toBe(0);
    expect(await call(gate, DONE)).toBe(DONE);
  });

  it('takes what we dropped ourselves neither for a failure nor for an answer', async () => {
    const { gate } = gateAt(0);
    for (const _ of [1, 2, 3]) await call(gate, FAILED, true);
    expect(gate.closedFor()).toBe(0);
    await call(gate, FAILED);
    await call(gate, FAILED, true);
    await call(gate, FAILED);
    expect(gate.closedFor()).toBe(1_000);
  });

  it('tells once that it opened and once that it closed, with counts and the partner’s id only', async () => {
    const { gate, time, told } = gateAt(0);
    for (const _ of [1, 2]) await call(gate, FAILED);
    time.now = 1_000;
    await call(gate, DONE);
    expect(told).toEqual([
      ['webhook.circuit-open', { partner: 'casework', failures: 2, forMs: 1_000 }],
      ['webhook.circuit-closed', { partner: 'casework' }],
    ]);
  });

  it('lets another probe through after one that threw', async () => {
    const { gate, time } = gateAt(0);
    for (const _ of [1, 2]) await call(gate, FAILED);
    time.now = 1_000;
    await expect(gate.through<SendResult>(() => Promise.reject(new Error('a fault of ours')))).rejects.toThrow('ours');
    expect(await call(gate, DONE)).toBe(DONE);
  });
});
