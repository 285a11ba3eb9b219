import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config/read.ts';
import { FILE, SOUND, surroundings } from './sound-config.ts';

const rulesOf = (text: string) =>
  readConfig(FILE, surroundings(text)).findings.map(({ severity, rule, place }) => [severity, rule, place.expression]);

describe('what a loop may close on', () => {
  it('is said where it is no more than an answer of the GP system', () => {
    expect(rulesOf(SOUND)).toEqual([]);
    expect(rulesOf(SOUND.replace('        readBack: {}\n', ''))).toEqual([
      ['warning', 'config/closes-technical', '/partners/0/outlets/0'],
    ]);
  });

  it('keeps nobody from starting', () => {
    expect(readConfig(FILE, surroundings(SOUND.replace('        readBack: {}\n', ''))).config).toBeDefined();
  });

  it('has usual values for everything about reading back', () => {
    const [partner] = readConfig(FILE, surroundings(SOUND)).config?.partners ?? [];
    expect(partner?.outlets[0]).toMatchObject({
      readBack: { everySeconds: 30, patience: 900_000, onLostCode: 'hold', knownLost: 'send', instead: [] },
    });
  });
});
