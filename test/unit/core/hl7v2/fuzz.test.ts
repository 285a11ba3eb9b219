import { describe, expect, it } from '@jest/globals';
import { hasErrors } from '../../../../src/core/finding.ts';
import { acknowledge, owedAcknowledgements, verdictOf } from '../../../../src/core/hl7v2/acknowledge.ts';
import { isBatch, readBatch } from '../../../../src/core/hl7v2/batch.ts';
import { readMessage } from '../../../../src/core/hl7v2/read.ts';
import { readAcknowledgement } from '../../../../src/core/hl7v2/read-acknowledgement.ts';
import { messageTree } from '../../../../src/core/hl7v2/tree.ts';
import { writeMessage } from '../../../../src/core/hl7v2/write.ts';
import { EXAMPLES } from './example-messages.ts';
import { mutate, pick, seeded } from './mutate.ts';

/** `HEARBACK_FUZZ=200000 npm test -- test/unit/core/hl7v2/fuzz` takes the long way; `HEARBACK_SEED` another one. */
const COUNT = Number(process.env['HEARBACK_FUZZ'] ?? 3000);
const SEED = Number(process.env['HEARBACK_SEED'] ?? 20260721);

describe('mutated messages', () => {
  it(`never break anything, and are answered with what is wrong (${COUNT}, seed ${SEED})`, () => {
    const chance = seeded(SEED);
    const examples = Object.values(EXAMPLES).map((text) => new TextEncoder().encode(text));
    const counts = new Map<string, number>();
    let largest = 0;
    for (let number = 0; number < COUNT; number += 1) {
      const bytes = mutate(pick(examples, chance), chance);
      const { code, size } = answerTo(bytes, `${SEED}/${number}`);
      counts.set(code, (counts.get(code) ?? 0) + 1);
      largest = Math.max(largest, size);
    }
    // All kinds of answers must be met, or the changes would be too tame or too wild to show anything.
    expect([...counts.keys()].sort()).toEqual(['AA', 'AE', 'AR']);
    expect(Math.min(...counts.values())).toBeGreaterThan(COUNT / 50);
    expect(largest).toBeLessThan(120_000);
    if (process.env['HEARBACK_FUZZ'] !== undefined) {
      process.stderr.write(`${JSON.stringify({ ...Object.fromEntries(counts), largestAnswer: largest })}\n`);
    }
  }, 900_000);
});

/** Goes the whole way with one message. Plain checks, because 200,000 calls of `expect` would take minutes. */
function answerTo(bytes: Uint8Array, which: string): { code: string; size: number } {
  const { head, message, findings } = readMessage(bytes);
  if (message === undefined && !hasErrors(findings)) throw new Error(`${which}: not read, and nothing wrong`);
  if (findings.length > 150) throw new Error(`${which}: ${findings.length} findings`);
  if (message !== undefined) {
    if (writeMessage(message) !== message.text) throw new Error(`${which}: written otherwise than read`);
    messageTree(message);
  }
  if (isBatch(bytes)) readBatch(bytes);
  const verdict = verdictOf(findings);
  // In enhanced mode a sender can ask for silence: what would be said is looked at anyway.
  const [code = 'AE'] = owedAcknowledgements({ ...head, mode: 'original' }, verdict);
  const answer = acknowledge(head, { code, findings, at: '2026-07-21T13:30:00.000Z', controlId: 'A-1' });
  checkAnswer(answer, code, findings.filter(({ severity }) => severity === 'error').length, head.controlId, which);
  return { code, size: answer.length };
}

function checkAnswer(answer: Uint8Array, code: string, errors: number, controlId: string, which: string): void {
  const text = String.fromCharCode(...answer);
  if (/\p{Cc}/u.test(text.replace(/[\r\t\u0080-\u009f]/g, '')))
    throw new Error(`${which}: control characters in the answer`);
  if ((code === 'AA') !== (errors === 0)) throw new Error(`${which}: ${code} with ${errors} errors`);
  if (errors > 0 && !text.includes('\rERR')) throw new Error(`${which}: ${code} without a reason`);
  // What we answer must be an answer to whoever reads it by the standard.
  const read = readAcknowledgement(answer);
  if (/^[\w-]+$/.test(controlId) && read?.code !== code) throw new Error(`${which}: an answer that cannot be read`);
}
