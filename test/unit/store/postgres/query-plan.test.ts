import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { SearchCondition } from '../../../../src/ports-queries.ts';
import { newLine } from '../../../../src/store/postgres/line.ts';
import { migration } from '../../../../src/store/postgres/migrate.ts';
import { asRows, type Parameters, positional } from '../../../../src/store/postgres/named-parameters.ts';
import { readPlace } from '../../../../src/store/postgres/place.ts';
import { openWritingSession, STEADY_PLANS } from '../../../../src/store/postgres/session.ts';
import * as hold from '../../../../src/store/postgres/statements-hold.ts';
import * as journal from '../../../../src/store/postgres/statements-journal.ts';
import * as log from '../../../../src/store/postgres/statements-log-search.ts';
import * as loop from '../../../../src/store/postgres/statements-loop.ts';
import * as message from '../../../../src/store/postgres/statements-message.ts';
import * as overview from '../../../../src/store/postgres/statements-overview.ts';
import * as referral from '../../../../src/store/postgres/statements-referral.ts';
import * as resource from '../../../../src/store/postgres/statements-resource.ts';
import { countLed, searchText } from '../../../../src/store/postgres/statements-search.ts';
import { SNAPSHOT } from '../../../../src/store/postgres/statements-snapshot.ts';
import * as standing from '../../../../src/store/postgres/statements-standing.ts';
import * as work from '../../../../src/store/postgres/statements-work.ts';
import { largeRecord } from '../../../fixtures/postgres/large-record.ts';
import { asking, describeOnPostgres } from '../../../fixtures/postgres/test-server.ts';

/** How many rows each of the large tables has. */
const AGES = { dayAgo: '2026-11-01', weekAgo: '2026-10-26', monthAgo: '2026-10-05', quarterAgo: '2026-08-10' };
const ROWS = 100_000;
/** The statements of the reads that `BY_KEY` names. */
const BY_KEY_TEXTS = new Set([
  work.NEXT_WORK_AT,
  message.MESSAGE_BY_ID,
  message.MESSAGES_OF_REFERRAL,
  referral.REFERRAL_BY_ID,
  referral.REFERENCE_BY_VALUE,
  referral.REFERENCES_OF_REFERRAL,
  SNAPSHOT,
  resource.RESOURCES_OF_REFERRAL,
  resource.RESOURCE_BY_ID,
  loop.EVENTS_OF_REFERRAL,
  loop.PROMISES_OF_REFERRAL,
  loop.LEGS_OF_REFERRAL,
  loop.LEG_BY_ID,
]);
/** Tables that may be read from end to end: rows that were given with the statement. */
const SCAN = /Seq Scan on (\w+)/;

/** Asks PostgreSQL how it runs the very texts that the program runs, on as many rows as a region has. */
await describeOnPostgres('the plan on PostgreSQL of', (server) => {
  let large: Client;
  let empty: Client;

  beforeAll(async () => {
    [large, empty] = [await opened(), await opened()];
    await large.query(largeRecord(ROWS));
    await large.query('set session_replication_role = origin');
  }, 120_000);
  afterAll(async () => {
    await Promise.all([large.end(), empty.end()]);
  });

  async function opened(): Promise<Client> {
    const address = await server.database();
    const session = await openWritingSession(readPlace(address));
    const line = newLine({ first: session, open: () => Promise.reject(new Error('once')), patienceMs: 1_000 });
    await line.transaction(migration('hearback', 'now'));
    await line.close();
    const client = new Client({ connectionString: address });
    await client.connect();
    await client.query('set search_path = hearback; set jit = off; set synchronous_commit = off');
    return client;
  }

  let made = 0;
  /** As a writing connection plans it: once, without knowing the values. */
  async function plannedOnce(client: Client, sql: string, parameters: Parameters): Promise<string> {
    const { text, values } = positional(sql, parameters);
    made += 1;
    await client.query(`prepare p${made} as ${text}`);
    const given = values.map((value) => literal(client, value)).join(', ');
    const { rows } = await client.query(`explain (costs off) execute p${made}${given === '' ? '' : `(${given})`}`);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  function literal(client: Client, value: unknown): string {
    if (Array.isArray(value)) return client.escapeLiteral(`{${value.map((one) => JSON.stringify(one)).join(',')}}`);
    return client.escapeLiteral(String(value));
  }

  /** As a reading connection plans it: with the values. */
  async function planned(sql: string, parameters: Parameters): Promise<string> {
    const { text, values } = positional(sql, parameters);
    const { rows } = await large.query(`explain (costs off) ${text}`, values);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  const id = (prefix: string, number = 4711) => prefix + String(number).padStart(9, '0');
  const rows = (...list: Parameters[]) => ({ rows: asRows(list as never) });

  const WRITERS: readonly (readonly [string, string, Parameters, ...string[]])[] = [
    [
      'RECEIVED_BEFORE',
      message.RECEIVED_BEFORE,
      rows({ partner: 'gp1', identity: id('i') }),
      'message_by_identity',
      'message_body_pkey',
    ],
    ['KNOWN_MESSAGES', message.KNOWN_MESSAGES, { ids: [id('m')] }, 'message_pkey'],
    ['LINK_MESSAGES', message.LINK_MESSAGES, rows({ id: id('m'), referral: id('r') }), 'message_pkey'],
    ['VERSIONS_OF_REFERRALS', referral.VERSIONS_OF_REFERRALS, { ids: [id('r')] }, 'referral_pkey'],
    [
      'OTHER_BEARERS',
      referral.OTHER_BEARERS,
      rows({ partner: 'casework', kind: 'platform-reference', value: id('cw'), referral: 'x' }),
      'reference_by_value',
    ],
    ['CURRENT_RESOURCES', resource.CURRENT_RESOURCES, rows({ type: 'Task', id: id('t') }), 'resource_pkey'],
    ['KEEP_FORMER_VERSIONS', resource.KEEP_FORMER_VERSIONS, rows({ type: 'Task', id: id('t') }), 'resource_pkey'],
    ['REPLACE_RESOURCES', resource.REPLACE_RESOURCES, rows({ type: 'Task', id: id('t') }), 'resource_pkey'],
    ['INSERT_RESOURCES', resource.INSERT_RESOURCES, rows({ type: 'Task', id: id('t') }), 'referral_pkey'],
    [
      'DELETE_SEARCH_ENTRIES',
      resource.DELETE_SEARCH_ENTRIES,
      rows({ type: 'Task', param: 'status', value: 'requested', id: id('t'), code: 'requested' }),
      'resource_search_by_resource',
    ],
    ['OPEN_HOLDS_BY_KEY', hold.OPEN_HOLDS_BY_KEY, rows({ holdKey: id('k') }), 'hold_open'],
    ['HOLDS_BY_ID', hold.HOLDS_BY_ID, { ids: [id('h')] }, 'hold_pkey'],
    ['HOLD_TO_RESOLVE', hold.HOLD_TO_RESOLVE, { id: id('h') }, 'hold_pkey'],
    ['RESOLVE_HOLD', hold.RESOLVE_HOLD, { id: id('h'), at: 'x', by: 'y', resolution: 'z' }, 'hold_pkey'],
    ['INSERT_WORK', work.INSERT_WORK, rows({ lane: 'lane9' }), 'work_by_lane'],
    ['UNSETTLED_CLAIMS', work.UNSETTLED_CLAIMS, rows({ seq: 17, attempts: 1 }), 'work_pkey'],
    ['DELETE_WORK', work.DELETE_WORK, { seqs: [17] }, 'work_pkey'],
    ['PROMOTE_NEXT_IN_LANES', work.PROMOTE_NEXT_IN_LANES, { lanes: ['lane9'] }, 'work_by_lane', 'work_pkey'],
    ['PUT_BACK_WORK', work.PUT_BACK_WORK, rows({ seq: 17, notBefore: 'x', why: 'y' }), 'work_pkey'],
    ['HOLD_WORK', work.HOLD_WORK, rows({ seq: 17, hold: 'h' }), 'work_pkey'],
    ['WORK_OF_HOLD_TO_RESOLVE', work.WORK_OF_HOLD_TO_RESOLVE, { hold: 'h' }, 'work_held'],
    ['RECOVER_EXPIRED', work.RECOVER_EXPIRED, { now: '2026-11-01' }, 'work_claimed', 'work_pkey'],
    ['RENEW_CLAIMS', work.RENEW_CLAIMS, { worker: 'one', until: 'x' }, 'work_claimed', 'work_pkey'],
    [
      'CLAIM_WORK',
      work.CLAIM_WORK,
      {
        ...{
          now: '2026-11-02T10:00:00.000Z',
          kinds: ['settle'],
          notPartners: ['p1'],
          limit: 10,
          worker: 'w',
          until: 'x',
        },
        ...{ known: ['p2'], strangersDueBefore: '2026-11-02T09:50:00.000Z' },
      },
      'work_waking',
      'work_pkey',
    ],
  ];

  describe.each([
    ['once and for all, as our connections do', STEADY_PLANS],
    ['once, with the server’s own choice of ways', '-c plan_cache_mode=force_generic_plan'],
  ])('what writes, planned %s', (_how, settings) => {
    beforeAll(() => set(large, settings));
    afterAll(() => reset(large, settings));

    it.each(WRITERS)('%s goes in by its index', async (_name, sql, parameters, ...indexes) => {
      const plan = await plannedOnce(large, sql, parameters);
      for (const index of indexes) expect(plan).toContain(index);
      expect(SCAN.exec(plan)).toBeNull();
    });

    it('CLAIM_WORK takes what is due in the order in which it fell due, and sorts nothing', async () => {
      const [, sql, parameters] = WRITERS.find(([name]) => name === 'CLAIM_WORK') ?? [];
      const plan = await plannedOnce(large, sql ?? '', parameters ?? {});
      expect(plan).toMatch(/Index Scan using work_waking[^\n]*\n\s+Index Cond: \(not_before <= /);
      expect(plan).not.toContain('Sort');
    });
  });

  describe('what writes, planned while everything was empty', () => {
    beforeAll(() => set(empty, STEADY_PLANS));

    it.each(WRITERS)('%s goes in by its index', async (_name, sql, parameters, ...indexes) => {
      const plan = await plannedOnce(empty, sql, parameters);
      for (const index of indexes) expect(plan).toContain(index);
      expect(SCAN.exec(plan)).toBeNull();
    });
  });

  const none = { status: false, late: false, partner: false, after: false };
  const bare = {
    partner: false,
    actor: false,
    kind: false,
    since: false,
    until: false,
    after: false,
    newestFirst: false,
  };
  const any = { referral: false, partner: false, kind: false, since: false, until: false, afterSeq: false };
  const page = { limit: 50, through: 10 * ROWS };
  const READERS: readonly (readonly [string, string, Parameters, ...string[]])[] = [
    ['MESSAGE_BY_ID', message.MESSAGE_BY_ID, { id: id('m') }, 'message_pkey', 'message_body_pkey'],
    ['REFERRAL_BY_ID', referral.REFERRAL_BY_ID, { id: id('r') }, 'referral_pkey'],
    ['RESOURCE_BY_ID', resource.RESOURCE_BY_ID, { type: 'Task', id: id('t') }, 'resource_pkey'],
    ['MESSAGES_OF_REFERRAL', message.MESSAGES_OF_REFERRAL, { referral: id('r') }, 'message_by_referral'],
    [
      'REFERENCE_BY_VALUE',
      referral.REFERENCE_BY_VALUE,
      { partner: 'casework', kind: 'platform-reference', value: id('cw') },
      'reference_by_value',
    ],
    ['REFERENCES_OF_REFERRAL', referral.REFERENCES_OF_REFERRAL, { referral: id('r') }, 'reference_by_referral'],
    ['RESOURCES_OF_REFERRAL', resource.RESOURCES_OF_REFERRAL, { referral: id('r') }, 'resource_by_referral'],
    [
      'RESOURCES_OF_REFERRAL_AT',
      resource.RESOURCES_OF_REFERRAL_AT,
      { referral: id('r'), at: '2027' },
      'resource_by_referral',
      'resource_history_by_referral',
    ],
    [
      'SNAPSHOT',
      SNAPSHOT,
      { id: id('r'), referral: id('r') },
      'referral_pkey',
      'resource_by_referral',
      'event_by_referral',
      'promise_by_referral',
      'leg_by_referral',
      'reference_by_referral',
      'hold_referral_pkey',
    ],
    ['EVENTS_OF_REFERRAL', loop.EVENTS_OF_REFERRAL, { referral: id('r') }, 'event_by_referral'],
    ['PROMISES_OF_REFERRAL', loop.PROMISES_OF_REFERRAL, { referral: id('r') }, 'promise_by_referral'],
    ['LEGS_OF_REFERRAL', loop.LEGS_OF_REFERRAL, { referral: id('r') }, 'leg_by_referral'],
    ['LEG_BY_ID', loop.LEG_BY_ID, { id: id('l') }, 'leg_pkey'],
    ['OPEN_HOLDS_OF_REFERRAL', hold.OPEN_HOLDS_OF_REFERRAL, { referral: id('r') }, 'hold_referral_pkey'],
    ['REFERRALS_OF_HOLD', hold.REFERRALS_OF_HOLD, { hold: id('h') }, 'hold_referral_by_hold'],
    ['NEXT_WORK_AT', work.NEXT_WORK_AT, {}, 'work_waking'],
    ['MOVING_WORK', standing.MOVING_WORK, {}, 'work_by_lane'],
    ['openByStateAndAge', overview.openByStateAndAge(false), AGES, 'referral_by_status', 'resource_search_by_'],
    [
      'openByStateAndAge, limited',
      overview.openByStateAndAge(true),
      { ...AGES, partners: ['casework'] },
      'referral_partner_pkey',
    ],
    ['lateByDebtor', overview.lateByDebtor(false), { now: '2026-11-02' }, 'referral_by_due', 'promise_by_referral'],
    ['longestLate', overview.longestLate(false), { now: '2026-11-02', longest: 9 }, 'referral_by_due'],
    ['openedByDay', overview.openedByDay(false), { firstId: id('r', 99_990), since: '2026-11-01' }, 'referral_pkey'],
    ['closedByDay', overview.closedByDay(false), { since: '2026-11-01' }, 'journal_by_kind'],
    ['LAST_HEARD_OF', overview.LAST_HEARD_OF, { partner: 'casework' }, 'journal_by_actor'],
    ['DUE_TIMERS', standing.DUE_TIMERS, { now: '2026-11-01' }, 'work_waking'],
    ['OPEN_HOLDS_BY_KIND', standing.OPEN_HOLDS_BY_KIND, {}, 'hold_open'],
    ['LATE_BY_DEBTOR', standing.LATE_BY_DEBTOR, { now: '2026-11-02' }, 'referral_by_due', 'promise_by_referral'],
    [
      'open loops, a page',
      referral.loops({ ...none, status: true, after: true }),
      { ...page, status: 'open', after: id('r', 50_000) },
      'Index Scan using referral_',
    ],
    [
      'late loops',
      referral.loops({ ...none, late: true, status: true }),
      { ...page, status: 'open', lateAt: '2026-11-02' },
      'referral_by_due',
    ],
    [
      'loops of a patient',
      referral.loops({ patient: true, newestFirst: true }),
      { ...page, patient: 'nhs|1' },
      'resource_search_by_',
      'referral_pkey',
    ],
    [
      'loops by a name',
      referral.loops({ named: true, newestFirst: true }),
      { ...page, named: id('cw'), namedBy: ['casework'] },
      'reference_by_value',
      'referral_pkey',
    ],
    [
      'entries of a referral',
      journal.entries({ ...any, referral: true }),
      { ...page, referral: id('r') },
      'journal_by_referral',
      'journal_by_message',
      'journal_pkey',
    ],
    ['entries of a rare kind', journal.entries({ ...any, kind: true }), { ...page, kind: 'rare' }, 'journal_by_kind'],
    [
      'entries of a day',
      journal.entries({ ...any, since: true, until: true }),
      { ...page, since: '2026-11-01', until: '2026-11-03' },
      'journal_by_time',
    ],
    [
      'what is about somebody',
      log.logEntries({ ...bare, lead: 'about' }),
      { ...page, referrals: [id('r')], messages: [id('m')] },
      'journal_by_referral',
      'journal_by_message',
    ],
    [
      'what a partner did',
      log.logEntries({ ...bare, lead: 'partner' }),
      { ...page, partner: 'rare' },
      'journal_by_actor',
      'journal_by_partner',
    ],
    [
      'the newest of a rare kind',
      log.logEntries({ ...bare, lead: 'kind', newestFirst: true }),
      { ...page, kind: 'rare' },
      'journal_by_kind',
    ],
    [
      'the log of a day',
      log.logEntries({ ...bare, lead: 'time', since: true, until: true }),
      { ...page, since: '2026-11-01', until: '2026-11-03' },
      'journal_by_time',
    ],
    ['referrals of a patient', log.REFERRALS_OF_PATIENT, { name: '9990000050' }, 'resource_search_by_code'],
    ['referrals by a name', log.REFERRALS_BY_NAME, { name: 'C-1' }, 'reference_by_value', 'resource_search_by_code'],
    ['a message by its name', log.MESSAGES_BY_NAME, { name: 'x-1' }, 'message_by_identity', 'message_pkey'],
    ['Patient resources', log.PATIENTS_OF_REFERRALS, { referrals: [id('r')] }, 'resource_by_referral'],
    [
      'entries from a number on',
      journal.entries({ ...any, afterSeq: true }),
      { ...page, afterSeq: 90_000 },
      'journal_pkey',
    ],
  ];

  /** What `BY_KEY` asks. */
  const LOOKS = READERS.filter(([, sql]) => BY_KEY_TEXTS.has(sql));
  describe.each([
    ['on a large record', () => large],
    ['while everything was empty', () => empty],
  ])('what looks by a key, planned once %s', (_when, of) => {
    beforeAll(() => set(of(), STEADY_PLANS));
    afterAll(() => reset(of(), STEADY_PLANS));

    it('is all there', () => expect(LOOKS).toHaveLength(BY_KEY_TEXTS.size));

    it.each(LOOKS)('%s goes in by its index', async (_name, sql, parameters, ...indexes) => {
      const plan = await plannedOnce(of(), sql, parameters);
      for (const index of indexes) expect(plan).toContain(index);
      expect(SCAN.exec(plan)).toBeNull();
    });
  });

  it.each(READERS)('%s goes in by its index', async (_name, sql, parameters, ...indexes) => {
    const plan = await planned(sql, parameters);
    for (const index of indexes) expect(plan).toContain(index);
    expect(SCAN.exec(plan)).toBeNull();
  });

  const is = (param: string, compare: SearchCondition['compare'], ...values: string[]): SearchCondition => ({
    param,
    compare,
    values,
  });
  const last = is('_lastUpdated', 'ge', '2026-11-02T08:00:00.000Z');
  it.each<[string, SearchCondition[], number | undefined, string]>([
    ['nothing', [], undefined, 'resource_by_referrer'],
    ['what cannot lead', [last, is('owner', 'missing')], undefined, 'resource_by_referrer'],
    ['a rare value', [is('patient', 'equal', 'Patient/77')], 0, 'resource_search_by_value'],
    ['a common value', [is('status', 'equal', 'requested')], 0, 'resource_search_by_value'],
    ['a code', [is('code', 'code', '4711')], 0, 'resource_search_by_code'],
    ['an id', [is('_id', 'equal', id('t'))], 0, 'resource_pkey'],
    [
      'several',
      [is('status', 'equal', 'completed'), is('patient', 'equal', 'Patient/77'), last, is('owner', 'missing')],
      1,
      'resource_search_by_value',
    ],
  ])('a search by %s goes in by its index, for the page and for the total', async (_name, where, lead, index) => {
    const text = searchText(where, lead, true);
    const parameters = {
      ...text.parameters,
      type: 'Task',
      referrer: 'gp1',
      afterUpdated: '2026',
      afterId: '',
      limit: 51,
    };
    for (const sql of [text.page, text.total]) {
      const plan = await planned(sql, parameters);
      expect(plan).toContain(index);
      expect(SCAN.exec(plan)).toBeNull();
    }
  });

  it.each([is('patient', 'equal', 'Patient/77'), is('code', 'code', '4711')])(
    'weighing a leading condition is a look-up',
    async (one) => {
      const plan = await planned(countLed(one), { values: one.values, type: 'Task', param: one.param, enough: 500 });
      expect(SCAN.exec(plan)).toBeNull();
    },
  );

  it('keeps the log append-only for whoever comes to the database', async () => {
    const address = await server.database();
    const session = await openWritingSession(readPlace(address));
    const line = newLine({ first: session, open: () => Promise.reject(new Error('once')), patienceMs: 1_000 });
    await line.transaction(migration('hearback', 'now'));
    await line.close();
    await asking(address, "insert into hearback.journal (at, kind, actor, detail) values ('a', 'k', 'x', '{}')");
    for (const sql of [
      "update hearback.journal set actor = 'y'",
      'delete from hearback.journal',
      'truncate hearback.journal',
    ]) {
      await expect(asking(address, sql)).rejects.toThrow('append-only');
    }
  });
});

async function set(client: Client, settings: string): Promise<void> {
  for (const [, name, value] of settings.matchAll(/-c (\w+)=(\w+)/g)) await client.query(`set ${name} = ${value}`);
}

async function reset(client: Client, settings: string): Promise<void> {
  for (const [, name] of settings.matchAll(/-c (\w+)=(\w+)/g)) await client.query(`reset ${name}`);
}
