import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEvent, Bundle, Provenance } from 'fhir/r4.js';
import { loadR4Model } from '../../src/adapters/fhir-rest/r4-definitions.ts';
import { auditEventOf } from '../../src/core/audit/audit-event.ts';
import { checkStructure } from '../../src/core/fhir/structure.ts';
import type { RecordedEntry } from '../../src/ports-queries.ts';
import { brokenBalpRules } from '../fixtures/audit/balp-rules.ts';
import { asTold, entryOfEvent } from '../fixtures/audit/entry-of-event.ts';
import { NHS_NUMBER, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilClosed } from '../fixtures/town/look.ts';
import { platformSays, untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { GP_TOKEN } from '../fixtures/town/town-config.ts';

const TOKEN = 'auditor-token-for-tests-0123456789';
const sha256 = createHash('sha256').update(TOKEN).digest('hex');
const ACTOR = 'https://hearback.example/fhir/Id/actor';
const NHS = 'https://fhir.nhs.uk/Id/nhs-number';

let town: Town;
let task: string;
let referral: string;
beforeAll(async () => {
  town = await startTown({ engine: [`  auditors: [{ id: ana, tokens: [{ sha256: ${sha256} }] }]`] });
  ({ task } = await town.gp.refer(transactionReferral()));
  await untilReferred(town);
  await platformSays(town, { status: 'accepted' });
  await platformSays(town, { status: 'closed-completed' });
  await untilClosed(town, task);
  await town.gp.task(task);
  referral = (await town.store.resource('Task', task))?.referral ?? '';
});
afterAll(() => town.stop());

interface Asked {
  readonly token?: string;
  readonly form?: Record<string, string>;
  readonly accept?: string;
}

async function ask(path: string, { token = TOKEN, form, accept = 'application/fhir+json' }: Asked = {}) {
  const headers = { authorization: `Bearer ${token}`, accept };
  const url = path.startsWith('http') ? path : `${town.url}/fhir/${path}`;
  const body = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
  const response = await fetch(url, { headers, ...body });
  const text = await response.text();
  return { status: response.status, text, bundle: accept.includes('json') ? (JSON.parse(text) as Bundle) : undefined };
}

const resourcesIn = <T>(bundle: Bundle | undefined): T[] =>
  (bundle?.entry ?? []).filter(({ search }) => search?.mode === 'match').map(({ resource }) => resource as T);

/** Every page of a search. */
async function whole<T>(path: string, asked: Asked = {}): Promise<T[]> {
  const all: T[] = [];
  for (let page = await ask(path, asked); ; ) {
    expect(page.status).toBe(200);
    all.push(...resourcesIn<T>(page.bundle));
    const next = page.bundle?.link?.find(({ relation }) => relation === 'next')?.url;
    if (next === undefined) return all;
    expect(next).not.toContain(NHS_NUMBER);
    page = await ask(next);
  }
}

async function entries(query: object = {}): Promise<readonly RecordedEntry[]> {
  return (await town.store.searchLog({ limit: 1_000, ...query })).entries;
}

describe('an auditor over FHIR', () => {
  it('reads the whole log as AuditEvents, one for one, each valid and after its pattern', async () => {
    const until = new Date().toISOString();
    const events = await whole<AuditEvent>(`AuditEvent?date=lt${until}&_count=7`);
    const log = await entries({ until });

    expect(log.length).toBeGreaterThan(20);
    expect(events.map(entryOfEvent)).toEqual(log.map(asTold));
    const model = loadR4Model();
    for (const event of events) {
      expect(checkStructure(event, model)).toEqual([]);
      expect(brokenBalpRules(event)).toEqual([]);
    }
    const profiles = new Set(events.flatMap(({ meta }) => meta?.profile ?? []).map((one) => one.split('.').at(-1)));
    expect(profiles).toEqual(new Set(['Recipient', 'Source', 'PatientRead']));
  });

  it('asks about a patient with the number in a form, never in an address', async () => {
    const form = { 'patient:identifier': `${NHS}|${NHS_NUMBER}`, _count: '5' };
    const events = await whole<AuditEvent>('AuditEvent/_search', { form });
    const told = events.map((one) => entryOfEvent(one));
    const inUrl = await ask(`AuditEvent?patient:identifier=${NHS}%7C${NHS_NUMBER}`);

    expect(told.length).toBeGreaterThan(10);
    expect(told.filter((one) => one.referral !== referral && one.message === undefined)).toEqual([]);
    expect(inUrl).toMatchObject({ status: 400, bundle: { issue: [{ code: 'security' }] } });
    expect(inUrl.text).not.toContain(NHS_NUMBER);
  });

  it('finds the same by Task, Patient, referral, agent, time and id', async () => {
    const [{ patient = '' } = {}] = await town.store.patientsOf([referral]);
    const about = { about: { referrals: [referral], messages: [] }, until: new Date().toISOString() };
    const seqs = (list: readonly AuditEvent[]) => list.map((one) => entryOfEvent(one).seq);
    const log = (await entries(about)).map(({ seq }) => seq);
    const until = `date=lt${about.until}&_count=200`;
    const system = encodeURIComponent('https://hearback.example/fhir/Id/referral|');

    expect(seqs(await whole(`AuditEvent?entity=Task/${task}&${until}`))).toEqual(log);
    expect(seqs(await whole(`AuditEvent?patient=Patient/${patient}&${until}`))).toEqual(log);
    expect(seqs(await whole(`AuditEvent?entity:identifier=${system}${referral}&${until}`))).toEqual(log);
    expect(seqs(await whole(`AuditEvent?_sort=-date&entity=Task/${task}&${until}`))).toEqual([...log].reverse());
    const byAgent = await whole<AuditEvent>(`AuditEvent?agent:identifier=${ACTOR}%7Ccasework&${until}`);
    expect(byAgent.length).toBeGreaterThan(5);
    expect(byAgent.every(({ agent }) => agent.some(({ who }) => who?.identifier?.value === 'casework'))).toBe(true);
    const one = await ask(`AuditEvent/entry-${log[0]}`);
    expect(JSON.parse(one.text)).toEqual(resourcesIn((await ask(`AuditEvent?_id=entry-${log[0]}`)).bundle)[0]);
    expect((await ask('AuditEvent/entry-999999')).status).toBe(404);
    expect(resourcesIn((await ask('AuditEvent?patient=nobody')).bundle)).toEqual([]);
  });

  it('reads where things came from as Provenance: each message made and each event extracted, with its mapping', async () => {
    const found = await whole<Provenance>(`Provenance?entity=Task/${task}&_count=200`);
    const log = await entries({ about: { referrals: [referral], messages: [] } });
    const ids = (kind: string) => log.filter((one) => one.kind === kind).map(({ seq }) => `entry-${seq}`);
    const provenances = found.map(({ id }) => id);

    expect(provenances).toEqual(expect.arrayContaining(ids('message.made')));
    expect(found.some(({ policy }) => policy?.[0]?.includes('casework/report|'))).toBe(true);
    const model = loadR4Model();
    for (const one of found) expect(checkStructure(one, model)).toEqual([]);
  });

  it('leaves a trace of each look, with the referral it was about and without a number', async () => {
    const before = await entries({ actor: 'auditor:ana' });
    await ask('AuditEvent/_search', { form: { 'patient:identifier': `${NHS}|${NHS_NUMBER}` } });
    await ask('AuditEvent/entry-1');
    const looks = (await entries({ actor: 'auditor:ana' })).slice(before.length);

    expect(looks.map(({ kind, referral: about }) => [kind, about])).toEqual([
      ['log.searched', referral],
      ['entry.read', undefined],
    ]);
    expect(JSON.stringify(await entries())).not.toContain(NHS_NUMBER);
  });

  it('opens nothing else, and nobody else opens the log', async () => {
    expect((await ask(`Task/${task}`)).status).toBe(403);
    expect((await ask('Task/_search', { form: {} })).status).toBe(403);
    expect((await ask('', { form: {} })).status).toBe(403);
    expect((await ask('AuditEvent', { token: GP_TOKEN })).status).toBe(403);
    expect((await ask('AuditEvent/_search', { token: GP_TOKEN, form: {} })).status).toBe(403);
    expect((await ask('AuditEvent/entry-1', { token: GP_TOKEN })).status).toBe(403);
    expect((await ask('AuditEvent', { token: 'nobody-knows-this-token-00000' })).status).toBe(401);
    // The GP system's own Provenance is that of its dossiers.
    const own = resourcesIn<Provenance>((await ask('Provenance', { token: GP_TOKEN })).bundle);
    expect(own.filter(({ id }) => id?.startsWith('entry-'))).toEqual([]);
    expect(own.length).toBeGreaterThan(0);
  });

  it('gets XML for the asking, and is told what it asked that is not known', async () => {
    const xml = await ask('AuditEvent?_count=1', { accept: 'application/fhir+xml' });
    expect(xml.text).toContain('<resource><AuditEvent><id value="entry-1">');
    const { bundle } = await ask('AuditEvent?site=x&_count=1');
    expect(bundle?.entry?.at(-1)).toMatchObject({ search: { mode: 'outcome' } });
    expect((await ask('AuditEvent?date=yesterday')).status).toBe(400);
    expect((await ask(`AuditEvent?entity=Task/${task}&patient=x`)).status).toBe(400);
    const statement = await ask('metadata');
    expect(JSON.stringify(statement.bundle)).toContain('"type":"AuditEvent"');
  });

  it('sees an event exactly as the pure function makes it', async () => {
    const [first] = await entries({ kind: 'leg.acknowledged' });
    const [{ patient = '' } = {}] = await town.store.patientsOf([referral]);
    const shown = JSON.parse((await ask(`AuditEvent/entry-${first?.seq}`)).text);
    expect(shown).toEqual(first && auditEventOf(first, patient));
  });
});
