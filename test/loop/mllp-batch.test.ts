import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { adt } from '../fixtures/mllp/adt.ts';
import { ref } from '../fixtures/mllp/messages.ts';
import { hl7Practice, type MllpTown, SHIPPED, startMllpTown } from '../fixtures/mllp/mllp-town.ts';
import { ackOf, framed, type RawSender, rawSender } from '../fixtures/mllp/raw-sender.ts';

let town: MllpTown;
const open: RawSender[] = [];
beforeAll(async () => {
  town = await startMllpTown({ partners: hl7Practice('elm', { inlet: ['port: 0'], mappings: SHIPPED }) });
});
afterAll(() => town.stop());
afterEach(() => {
  for (const sender of open.splice(0)) sender.stop();
});

async function sender(): Promise<RawSender> {
  const made = await rawSender(town.mllpPort('elm'));
  open.push(made);
  return made;
}

/** A file with one batch of these messages. */
function file(messages: readonly string[], { count = messages.length, end = '\r' } = {}): string {
  const text = [
    'FHS|^~\\&|PRACTICE|Z99001|HEARBACK|HB|20261118093000+0000||referrals.hl7||F-1\r',
    'BHS|^~\\&|PRACTICE|Z99001|HEARBACK|HB|20261118093000+0000||||B-1\r',
    ...messages,
    `BTS|${count}\r`,
    'FTS|1\r',
  ].join('');
  return text.replaceAll('\r', end);
}

const known = async (number: string) =>
  (await town.store.namesakes('elm', 'resource', `urn:hearback:referral-number:elm|${number}`)).length;

describe('a batch in one frame', () => {
  it.each([
    ['carriage returns', '\r'],
    ['line feeds', '\n'],
    ['both', '\r\n'],
  ])('is its messages, each taken and answered by itself, in their order: lines end with %s', async (what, end) => {
    const gp = await sender();
    const id = (part: string) => `${part}-${what.slice(0, 2)}`;
    const messages = [
      ref({ id: id('B-1') }),
      ref({ id: id('B-2'), need: '' })
        .replace('DG1|1||^Feeling lonely^SCT\r', '')
        .replace(/PID\|[^\r]*\r/, ''),
      adt({ id: id('B-3'), address: '9 New Row^^Sampleford' }),
      ref({ id: id('B-4'), number: id('B-1'), event: 'I14' }),
    ];
    gp.say(framed(file(messages, { end })));
    const answers = await gp.hears(4);
    expect(answers.map(ackOf)).toEqual([`AA ${id('B-1')}`, `AE ${id('B-2')}`, `AA ${id('B-3')}`, `AA ${id('B-4')}`]);
    expect([await known(id('B-1')), await known(id('B-2'))]).toEqual([1, 0]);
    const journal = await town.store.journal({ partner: 'elm', limit: 1_000 });
    expect(journal.filter(({ kind }) => kind === 'message.refused').length).toBeGreaterThan(0);
  });

  it('that is sent again gets the first answers again, and has no second effect', async () => {
    const gp = await sender();
    const twice = framed(file([ref({ id: 'R-1' }), ref({ id: 'R-2' })]));
    gp.say(twice + twice);
    const [one, two, three, four] = await gp.hears(4);
    expect([three, four]).toEqual([one, two]);
    expect(await known('R-1')).toBe(1);
  });

  it.each([
    ['cut off before its end', file([ref({ id: 'C-1' })]).replace(/BTS[\s\S]*/, '')],
    ['whose trailer counts more than is there', file([ref({ id: 'C-1' })], { count: 2 })],
    ['with nothing in it', file([])],
  ])('%s is refused whole, and says so', async (_what, batch) => {
    const gp = await sender();
    gp.say(framed(batch));
    const [answer = ''] = await gp.hears(1);
    expect(answer).toMatch(/\rMSA\|A[ER]\|/);
    expect(answer).toMatch(/batch/i);
    expect(await known('C-1')).toBe(0);
    // It is on record, and sent again it is answered the same.
    const refused = (await town.store.journal({ kind: 'message.refused', limit: 100 })).at(-1);
    const kept = refused?.message === undefined ? undefined : await town.store.message(refused.message);
    expect(Buffer.from(kept?.body ?? []).toString()).toBe(batch);
    gp.say(framed(batch));
    expect((await gp.hears(2))[1]).toBe(answer);
  });
});
