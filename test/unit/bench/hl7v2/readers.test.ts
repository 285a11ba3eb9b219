import { describe, expect, it } from '@jest/globals';
import { assertAgreement } from '../../../../bench/agreement.ts';
import { messagesOf } from '../../../../bench/hl7v2/messages.ts';
import { READERS } from '../../../../bench/hl7v2/readers.ts';
import { toBundle } from '../../../../bench/hl7v2/to-bundle.ts';
import { readMessage } from '../../../../src/core/hl7v2/read.ts';

const contenders = READERS.map((reader) => ({ name: reader.name, run: (text: string) => toBundle(reader, text) }));

describe('the messages that readers are measured with', () => {
  it.each([
    ['ref', 15],
    ['oru', 21],
  ] as const)('%s: %i segments, as they should be, and the same Bundle by every reader', async (kind, segments) => {
    const [first = ''] = messagesOf(kind);
    const { message, findings } = readMessage(new TextEncoder().encode(first));
    expect(message?.segments).toHaveLength(segments);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    await assertAgreement(contenders, () => messagesOf(kind));
    expect(JSON.stringify(contenders[0]?.run(first))).toMatch(
      kind === 'ref' ? /Isolated & lonely/ : /home & confirmed/,
    );
  });
});
