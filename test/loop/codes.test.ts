import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Coding, ServiceRequest } from 'fhir/r4.js';
import { runProgram } from '../../src/cli/program.ts';
import { serviceRequest, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { type Loop, untilIs, untilLoop } from '../fixtures/town/look.ts';
import { copyTerminology, type OwnTerminology } from '../fixtures/town/own-terminology.ts';
import { postSigned } from '../fixtures/town/platform-says.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const SNOMED = 'http://snomed.info/sct';
const READ = 'http://read.info/readv2';
const CTV3 = 'http://read.info/ctv3';
const EMIS = 'https://fhir.hl7.org.uk/Id/egton-codes';

let town: Town;
let terminology: OwnTerminology;
beforeEach(async () => {
  terminology = copyTerminology();
  town = await startTown({ terminology: terminology.directory });
});
afterEach(async () => {
  await town.stop();
  terminology.remove();
});

/** A referral with these codings for the service and for the need. */
function coded(number: number, { service, need }: { service?: Coding; need?: Coding }) {
  const bundle = referralOf({ number });
  const change = (request: ServiceRequest): ServiceRequest => ({
    ...request,
    ...(service && { code: { coding: [service] } }),
    ...(need && { reasonCode: [{ coding: [need] }] }),
  });
  const entry = bundle.entry?.map((one) =>
    one.resource?.resourceType === 'ServiceRequest' ? { ...one, resource: change(one.resource) } : one,
  );
  return { ...bundle, ...(entry && { entry }) };
}

async function requestOf(task: string): Promise<ServiceRequest> {
  const { focus } = await town.gp.task(task);
  return (await town.gp.read(`/${focus?.reference?.replace(/^.*(ServiceRequest\/)/, '$1')}`)).body;
}

const arrived = (number: number) =>
  until(`${number} have arrived`, () => town.casework.cases().length === number && town.casework.cases());
const isHeld = ({ holds }: Loop) => holds.some(({ resolvedAt }) => resolvedAt === undefined);

/** The command itself, beside a record that no engine works on. */
async function resolve(id: string, ...answer: readonly string[]): Promise<string> {
  const said = jest.spyOn(console, 'log').mockImplementation(() => {});
  const wrong = jest.spyOn(console, 'error').mockImplementation(() => {});
  const before = process.exitCode;
  try {
    await runProgram(['holds', 'resolve', id, ...answer, '--reason', 'asked the practice', '-c', town.configFile]);
    return [...said.mock.calls, ...wrong.mock.calls].flat().join('\n');
  } finally {
    process.exitCode = before;
    said.mockRestore();
    wrong.mockRestore();
  }
}

describe('a referral in a legacy code', () => {
  it('is taken as what the code means, and keeps the code', async () => {
    const codings = [
      { system: READ, code: '8T09.' },
      { system: CTV3, code: 'XaaEC', display: 'as it came' },
    ];
    for (const [number, service] of codings.entries()) {
      const { task } = await town.gp.refer(coded(number, { service }));
      expect((await requestOf(task)).code?.coding).toEqual([
        { system: SNOMED, code: '871731000000106', display: 'Referral to social prescribing service (procedure)' },
        service,
      ]);
    }
    await arrived(2);
    const kept = await town.store.journal({ kind: 'message.received', limit: 2 });
    const message = kept[0]?.message === undefined ? undefined : await town.store.message(kept[0].message);
    expect(message?.findings.find(({ rule }) => rule === 'code/translated')).toMatchObject({
      severity: 'information',
      message: expect.stringContaining('read-v2-to-snomed version 1.0.0'),
    });
  });
});

describe('a need that no map knows', () => {
  it('is one question for each sender and code; its answer is a file, and only what waited for it goes on', async () => {
    const unknown = { system: EMIS, code: 'EMISNQXX1' };
    const held: string[] = [];
    for (const number of [1, 2]) held.push((await town.gp.refer(coded(number, { need: unknown }))).task);
    held.push((await town.gp.refer(coded(3, { need: { system: READ, code: '918A.' } }))).task);
    await town.gp.refer(coded(4, { need: { system: READ, code: '918a.' } }));
    for (const task of held) await untilLoop(town, task, 'it is held', isHeld);
    // 918a. is written down as without a counterpart, and is another code than 918A.: it waits for nobody.
    await arrived(1);
    const holds = await town.store.holds({ open: true });
    expect(holds.map(({ key }) => key).sort()).toEqual([
      `code|riverside|emis-to-snomed|${EMIS}|EMISNQXX1`,
      `code|riverside|read-v2-to-snomed|${READ}|918A.`,
    ]);

    const id = holds.find(({ key }) => key.includes('EMISNQXX1'))?.id ?? '';
    await town.stopEngine();
    expect(await resolve(id, '--abandon')).toContain('--no-match');
    const answer = ['--map-to', `${SNOMED}|81877007`, '--equivalence', 'wider'];
    const said = await resolve(id, ...answer);
    const file = join(terminology.directory, 'partners/riverside/concept-map-emis-to-snomed.json');
    expect(said).toContain(`Written: ${file}\n${id} resolved: 2 waiting go on.`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      id: 'emis-to-snomed',
      version: '1',
      group: [
        {
          source: EMIS,
          target: SNOMED,
          element: [
            { code: 'EMISNQXX1', target: [{ code: '81877007', equivalence: 'wider', comment: 'asked the practice' }] },
          ],
        },
      ],
    });
    // Who decided what is an entry of the log, as at the console.
    expect(await town.store.journal({ kind: 'code.decided', limit: 9 })).toMatchObject([
      {
        actor: expect.stringMatching(/^user:./),
        detail: { hold: id, as: 'map', code: `${SNOMED}|81877007`, how: 'wider', reason: 'asked the practice' },
      },
    ]);
    await town.startEngine();

    const cases = await arrived(3);
    // Two referrals: whichever of them goes first, both go.
    const referrals = await Promise.all(held.map(async (task) => (await town.store.resource('Task', task))?.referral));
    expect(
      cases
        .slice(1)
        .map(({ reference }) => reference)
        .sort(),
    ).toEqual(referrals.slice(0, 2).sort());
    expect(cases[1]?.received).toMatchObject({
      case: { needs: [{ code: 'housing', source: [{ system: SNOMED, code: '81877007' }, unknown] }] },
    });
    const left = await town.store.holds({ open: true });
    expect(left.map(({ key }) => key)).toEqual([`code|riverside|read-v2-to-snomed|${READ}|918A.`]);
  });
});

describe('a damaged code', () => {
  it('for the service asked for is refused with what it may have been', async () => {
    const service = { system: SNOMED, code: '1084431000000100' };
    const answer = await town.gp.send('', coded(1, { service }));
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('1084431000000106');
    expect(answer.body.issue).toContainEqual(
      expect.objectContaining({ severity: 'error', expression: [expect.stringContaining('code.coding[0].code')] }),
    );
    const number = JSON.stringify(transactionReferral({ request: serviceRequest() })).replace(
      '"871731000000106"',
      '871731000000106',
    );
    const refused = await town.gp.send('', number);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('JSON number')]);
  });

  it('for a need is held, unless its display is that of the only code it can have been', async () => {
    const need = { system: SNOMED, code: '1364141000000100' };
    const agreed = await town.gp.refer(coded(1, { need: { ...need, display: 'Unpaid caregiver (person)' } }));
    const [one] = await arrived(1);
    expect(one?.received).toMatchObject({ case: { needs: [{ code: 'carer' }] } });
    expect(JSON.stringify((await requestOf(agreed.task)).reasonCode)).toContain('1364141000000100');
    const { task } = await town.gp.refer(coded(2, { need: { ...need, display: 'Something else' } }));
    await untilLoop(town, task, 'it is held', isHeld);
    const holds = await town.store.holds({ open: true });
    expect(holds).toMatchObject([{ kind: 'unmapped-code', partner: 'riverside' }]);
    expect(holds[0]?.findings[0]).toMatchObject({
      rule: 'code/damaged',
      message: expect.stringContaining('1364141000000107'),
    });
    expect(JSON.stringify(town.casework.deliveries())).not.toContain('Something else');
    await town.stopEngine();
    const id = holds[0]?.id ?? '';
    await resolve(id, '--map-to', `${SNOMED}|1364141000000107`, '--equivalence', 'equal');
    await town.startEngine();
    await arrived(2);
  });

  it('in a platform’s report is held with its proposal, and refused as a number', async () => {
    const { task } = await town.gp.refer(referralOf({ number: 1 }));
    const { id } = await untilLoop(town, task, 'it has arrived', ({ acknowledged }) => acknowledged.length > 0);
    const says = (code: string) =>
      postSigned(town, {
        to: 'casework',
        secret: town.secrets.casework,
        body: `{"clientReference":"${id}","status":"declined-by-client","reason":{"system":"${SNOMED}","code":${code},"text":"has a GP"}}`,
      });
    const refused = await says('1092961000000104');
    expect([refused.status, await refused.text()]).toEqual([
      422,
      expect.stringMatching(/\/reason\/code.*lost digits|lost digits.*\/reason\/code/s),
    ]);
    expect((await says('"1092961000000100"')).status).toBe(202);
    await untilLoop(town, task, 'it is held', isHeld);
    const holds = await town.store.holds({ open: true });
    expect(holds).toMatchObject([{ kind: 'unmapped-code', partner: 'casework' }]);
    expect(holds[0]?.findings[0]?.message).toContain('1092961000000104');
    await town.stopEngine();
    await resolve(holds[0]?.id ?? '', '--map-to', `${SNOMED}|1092961000000104`, '--equivalence', 'equal');
    await town.startEngine();
    const { state } = await untilIs(town, task, 'declined');
    expect(JSON.stringify(state)).not.toContain('1092961000000100"');
  });
});
