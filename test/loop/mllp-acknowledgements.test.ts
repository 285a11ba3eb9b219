import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { OTHER_NHS_NUMBER } from '../fixtures/fhir/referral-bundle.ts';
import { ref, type Said } from '../fixtures/mllp/messages.ts';
import { hl7Practice, type MllpTown, startMllpTown } from '../fixtures/mllp/mllp-town.ts';
import { ackOf, framed, type RawSender, rawSender } from '../fixtures/mllp/raw-sender.ts';

let town: MllpTown;
const open: RawSender[] = [];
beforeAll(async () => {
  const sender = (application: string) => [`sender: { application: ${application} }`];
  town = await startMllpTown({
    partners: [
      ...hl7Practice('elm', { inlet: ['port: 0', ...sender('PRACTICE')] }),
      ...hl7Practice('oak', { inlet: ['port: 0', ...sender('OTHER-PRACTICE')] }),
    ],
  });
});
afterAll(() => town.stop());
afterEach(() => {
  for (const sender of open.splice(0)) sender.stop();
});

async function exchange(messages: readonly (string | Buffer)[], answers: number = messages.length): Promise<string[]> {
  const gp = await rawSender(town.mllpPort('elm'));
  open.push(gp);
  for (const message of messages) gp.say(framed(String(message)));
  return gp.hears(answers);
}

const say = (...said: readonly Said[]) => exchange(said.map(ref));

/** Codes of table HL70357 in an acknowledgement. */
const codesOf = (answer: string | undefined) =>
  [...(answer ?? '').matchAll(/\|(\d+)\^[^|]*\^HL70357/g)].map(([, code]) => code);

describe('what a GP system is answered over MLLP', () => {
  it('a repeat is answered as the first time, byte for byte, and has no second effect', async () => {
    const [first, again] = await say({ id: 'R-1' }, { id: 'R-1' });
    expect(ackOf(first)).toBe('AA R-1');
    expect(again).toBe(first);
    const elsewhere = await say({ id: 'R-1' });
    expect(elsewhere).toEqual([first]);
    const received = await town.store.journal({ partner: 'elm', limit: 1_000 });
    expect(received.filter(({ kind }) => kind === 'message.repeated')).toHaveLength(2);
    expect(await town.store.namesakes('elm', 'resource', 'https://gp.example/referral-number|R-1')).toHaveLength(1);
  });

  it('other bytes under the same MSH-10 are a conflict', async () => {
    const [first, other] = await say({ id: 'C-1' }, { id: 'C-1', family: 'Somebody-Else' });
    expect([ackOf(first), ackOf(other)]).toEqual(['AA C-1', 'AE C-1']);
    expect(codesOf(other)).toEqual(['205']);
    expect(other).not.toContain('Somebody-Else');
  });

  it('a referral that was received in another message is a duplicate', async () => {
    const [, again] = await say({ id: 'D-1', number: 'SP-D' }, { id: 'D-2', number: 'SP-D' });
    // The practice's own mapping makes two identifiers of it: the request's and the task's.
    expect([ackOf(again), codesOf(again)]).toEqual(['AE D-2', ['205', '205']]);
  });

  it.each<[string, Partial<Said>, string, string]>([
    ['training, where real patients are', { processing: 'T' }, 'AR', '202'],
    ['a version that is not known', { version: '2.9' }, 'AR', '203'],
    ['a need without its code', { need: '' }, 'AA', ''],
    ['an NHS number with a wrong check digit', { nhsNumber: '9990000017' }, 'AE', '102'],
  ])('%s', async (what, said, code, error) => {
    const id = `E-${what.length}`;
    const [answer] = await say({ id, ...said });
    expect(ackOf(answer)).toBe(`${code} ${id}`);
    expect(codesOf(answer).includes(error === '' ? undefined : error)).toBe(error !== '');
  });

  it('a type or an event that is not agreed is rejected, and what is agreed is said', async () => {
    const adt = ref({ id: 'T-1' }).replace('REF^I12^REF_I12', 'ADT^A28^ADT_A05');
    const query = ref({ id: 'T-2' }).replace('REF^I12^REF_I12', 'REF^I99^REF_I12');
    const [type, event] = await exchange([adt, query]);
    expect([ackOf(type), ackOf(event)]).toEqual(['AR T-1', 'AR T-2']);
    expect(codesOf(type)).toContain('200');
    expect(codesOf(event)).toContain('201');
    expect(type).toContain('REF\\S\\I12');
  });

  it('what is no message at all is rejected, and the connection goes on', async () => {
    const answers = await exchange(['nothing of the kind', ref({ id: 'N-2' })]);
    expect(answers.map((answer) => ackOf(answer).trim())).toEqual(['AR', 'AA N-2']);
  });

  it('a message without MSH-10 is refused and recorded', async () => {
    const [answer] = await say({ id: '', number: 'SP-NO-ID' });
    expect([ackOf(answer).trim(), codesOf(answer)]).toEqual(['AE', ['101']]);
  });

  it('an application that nobody has agreed on is turned away', async () => {
    const [answer] = await say({ id: 'S-1', application: 'STRANGER' });
    // Never 207, which would have it sent again and again.
    expect([ackOf(answer), codesOf(answer)]).toEqual(['AR S-1', ['204']]);
  });

  it('two partners with one control id are two messages', async () => {
    const answers = await exchange([
      ref({ id: 'P-1', number: 'P-ELM' }),
      ref({ id: 'P-1', number: 'P-OAK', application: 'OTHER-PRACTICE' }),
    ]);
    expect(answers.map(ackOf)).toEqual(['AA P-1', 'AA P-1']);
  });
});

describe('enhanced acknowledgement mode', () => {
  it.each<[accept: string, application: string, answers: readonly string[]]>([
    ['AL', 'AL', ['CA', 'AA']],
    ['AL', 'NE', ['CA']],
    ['NE', 'AL', ['AA']],
    ['SU', 'ER', ['CA']],
  ])('a referral with MSH-15 %s and MSH-16 %s is answered %s', async (accept, application, answers) => {
    const id = `M-${accept}-${application}`;
    const heard = await exchange([ref({ id, wants: [accept, application] })], answers.length);
    expect(heard.map(ackOf)).toEqual(answers.map((code) => `${code} ${id}`));
    const again = await exchange([ref({ id, wants: [accept, application] })], answers.length);
    expect(again).toEqual(heard);
  });

  it('a refusal is told in whichever acknowledgement was asked for', async () => {
    const wrong = { nhsNumber: '9990000017', wants: ['AL', 'NE'] } as const;
    const [answer] = await say({ id: 'M-WRONG', ...wrong });
    expect(ackOf(answer)).toBe('CE M-WRONG');
    expect(codesOf(answer)).toContain('102');
  });

  it('who wants to hear nothing hears nothing, and is recorded', async () => {
    const heard = await exchange([ref({ id: 'M-SILENT', wants: ['NE', 'NE'] }), ref({ id: 'M-LOUD' })], 1);
    expect(heard.map(ackOf)).toEqual(['AA M-LOUD']);
    expect(await town.store.namesakes('elm', 'resource', 'https://gp.example/referral-number|M-SILENT')).toHaveLength(
      1,
    );
  });
});

describe('REF^I13 and REF^I14', () => {
  const taskOf = async (number: string) => {
    const [named] = await town.store.namesakes('elm', 'resource', `https://gp.example/referral-number|${number}`);
    const referral = named && (await town.store.referral(named.referral));
    const stored = referral && (await town.store.resource('Task', referral.parentTask));
    return stored?.resource.resourceType === 'Task' ? stored.resource : undefined;
  };

  it('a changed referral adds its new notes, as a PUT of the Task would', async () => {
    const number = 'SP-NOTES';
    await say({ id: 'I13-A', number, notes: ['First.'] });
    const [answer] = await say({ id: 'I13-B', event: 'I13', number, notes: ['First.', 'Second.'] });
    expect(ackOf(answer)).toBe('AA I13-B');
    expect((await taskOf(number))?.note?.map(({ text }) => text)).toEqual(['First.', 'Second.']);
  });

  it('what was referred for cannot be changed, and the answer says how instead', async () => {
    const number = 'SP-NEED';
    await say({ id: 'I13-C', number });
    const [answer] = await say({ id: 'I13-D', event: 'I13', number, need: '160932005' });
    expect(ackOf(answer)).toBe('AE I13-D');
    expect(answer).toContain('REF\\S\\I14');
    expect(codesOf(answer)).not.toContain('207');
  });

  it('a cancelled referral is cancelled with its reason, once', async () => {
    const number = 'SP-CANCEL';
    await say({ id: 'I14-A', number });
    const [answer, again] = await say(
      { id: 'I14-B', event: 'I14', number, reason: 'Moves away next week.' },
      { id: 'I14-C', event: 'I14', number, reason: 'Moves away next week.' },
    );
    // As with FHIR: what is so already is no change, and no error.
    expect([ackOf(answer), ackOf(again)]).toEqual(['AA I14-B', 'AA I14-C']);
    const [named] = await town.store.namesakes('elm', 'resource', `https://gp.example/referral-number|${number}`);
    const events = await town.store.events(named?.referral ?? '');
    expect(events.filter(({ kind }) => kind === 'cancelled')).toHaveLength(1);
    expect(await taskOf(number)).toMatchObject({
      status: 'cancelled',
      statusReason: { text: 'Moves away next week.' },
    });
  });

  it('the number of another patient’s referral changes nothing', async () => {
    const number = 'SP-WHOSE';
    await say({ id: 'I14-D', number });
    const [answer] = await say({ id: 'I14-E', event: 'I14', number, nhsNumber: OTHER_NHS_NUMBER });
    expect([ackOf(answer), codesOf(answer)]).toEqual(['AE I14-E', ['205']]);
    expect((await taskOf(number))?.status).not.toBe('cancelled');
  });

  it('a referral that nobody sent is not known', async () => {
    const [answer] = await say({ id: 'I14-F', event: 'I14', number: 'SP-NEVER' });
    expect([ackOf(answer), codesOf(answer)]).toEqual(['AE I14-F', ['204']]);
  });
});
