import { afterEach, describe, expect, it } from '@jest/globals';
import { dictionaryOf } from '../../docker/simulators/gp-emis-style/dictionary.ts';
import { type SystmOneStyle, startSystmOneStyle } from '../../docker/simulators/gp-systmone-style/practice.ts';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { ref } from '../fixtures/mllp/messages.ts';
import { hl7Practice, type MllpTown, startMllpTown } from '../fixtures/mllp/mllp-town.ts';
import { framed, rawSender } from '../fixtures/mllp/raw-sender.ts';
import { untilClosed, untilHeld, untilLoop } from '../fixtures/town/look.ts';
import { platformSays, untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town | MllpTown;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await town.stop();
  for (const stop of stops.splice(0)) await stop();
});

describe('a record in the style of EMIS', () => {
  it('files a code that it does not know as text and answers 200; reading back finds it out, and the loop is held', async () => {
    town = await startTown({ riversideOutlet: ['    readBack: { everySeconds: 0 }'] });
    town.practice.record.setDictionary(dictionaryOf(['281399006']));
    await town.gp.refer(transactionReferral());
    await untilReferred(town);
    await platformSays(town, { status: 'declined-by-client', reason: 'Does not want help now.' });
    const hold = await untilHeld(town, 'not-kept');
    expect(hold.findings.map(({ rule }) => rule)).toEqual(['read-back/code-lost']);
    expect(town.practice.refused()).toEqual([]);
    expect(await town.store.lostCodes('riverside')).toMatchObject([{ code: '871711000000103' }]);
  });

  it('keeps what it knows, and the loop closes on that', async () => {
    town = await startTown({ riversideOutlet: ['    readBack: { everySeconds: 0 }'] });
    const { task } = await town.gp.refer(transactionReferral());
    await untilReferred(town);
    await platformSays(town, { status: 'did-not-attend' });
    await platformSays(town, { status: 'closed-completed', after: { total: 26, items: [4, 4, 3, 4, 4, 3, 4] } });
    const loop = await untilClosed(town, task);
    expect(loop.closure).toEqual({ level: 'read-back', labels: [] });
  });

  it('that was switched off gets a document, and the loop closes by it', async () => {
    town = await startTown({
      riversideOutlet: ['    readBack: { everySeconds: 0 }', '    writeBack: { fallback: document }'],
    });
    town.practice.switchOff();
    const { task } = await town.gp.refer(transactionReferral());
    await untilReferred(town);
    await platformSays(town, { status: 'closed-completed' });
    const loop = await untilClosed(town, task);
    expect(loop.closure.labels).toEqual([expect.stringMatching(/^told by document/)]);
    expect(town.practice.record.resources().map(({ resourceType }) => resourceType)).toEqual(['DocumentReference']);
  });
});

describe('a record in the style of SystmOne', () => {
  async function start(more: readonly string[] = []): Promise<{ record: SystmOneStyle; task: string }> {
    let mllp: string | undefined;
    const record = await startSystmOneStyle({
      port: 0,
      match: 'off',
      tellsDecisions: 'always',
      retryMs: 50,
      ackTo: () => mllp,
    });
    stops.push(() => record.stop());
    const outlet = [
      'host: 127.0.0.1',
      `port: ${record.port}`,
      'mappings: { write-back: hl7v2/oru-r01, document: hl7v2/mdm-t02 }',
      'retry: { initialMs: 20, maxMs: 200 }',
      'timeoutMs: 3000',
      'acknowledges: business',
      ...more,
    ];
    const own = await startMllpTown({ partners: hl7Practice('elm', { inlet: ['port: 0'], outlet }) });
    town = own;
    mllp = own.engine().mllp.get('elm');
    const gp = await rawSender(own.mllpPort('elm'));
    gp.say(framed(ref({ id: 'R-1', number: 'SP-1' })));
    await gp.hears(1);
    gp.stop();
    const [named] = await own.store.namesakes('elm', 'resource', 'https://gp.example/referral-number|SP-1');
    const task = (await own.store.referral(named?.referral ?? ''))?.parentTask ?? '';
    await untilReferred(own);
    return { record, task };
  }

  it('closes the loop when a person files what waited, and not before', async () => {
    const { record, task } = await start();
    await platformSays(town, { status: 'closed-completed' });
    const item = await until('it waits to be filed', () => record.inbox()[0]);
    const waiting = await untilLoop(town, task, 'it was taken', ({ acknowledged }) =>
      acknowledged.some(({ partner }) => partner === 'elm'),
    );
    expect(waiting.status).toBe('open');
    record.file(item.controlId);
    const loop = await untilClosed(town, task);
    expect(loop.closure).toEqual({ level: 'business', labels: [] });
    await until('our answer was heard', () => record.acknowledgements()[0]?.state === 'taken');
  });

  it('holds the loop when a person decides against it, after its system had said yes', async () => {
    const { record } = await start();
    await platformSays(town, { status: 'closed-completed' });
    const item = await until('it waits to be filed', () => record.inbox()[0]);
    record.reject(item.controlId, { code: 'AR' });
    const hold = await untilHeld(town, 'refused-delivery');
    expect(hold.findings[0]?.rule).toBe('delivery/refused');
  });

  it('that takes documents alone gets a letter, and the loop closes when it is filed, labelled', async () => {
    const { record, task } = await start(['writeBack: { fallback: document }']);
    record.switchOff();
    await platformSays(town, { status: 'closed-completed' });
    const item = await until('it waits to be filed', () => record.inbox()[0]);
    expect(item.kind).toBe('MDM^T02');
    record.file(item.controlId);
    const loop = await untilClosed(town, task);
    expect(loop.closure).toEqual({ level: 'business', labels: [expect.stringMatching(/^told by document/)] });
    const told = loop.sent.filter(({ partner }) => partner === 'elm').map(({ purpose, status }) => [purpose, status]);
    expect(told).toEqual([
      ['write-back', 'refused'],
      ['document', 'acknowledged'],
    ]);
  });
});
