import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SearchCondition } from '../../../../src/ports-queries.ts';
import { type Connection, parameterNames } from '../../../../src/store/sqlite/connection.ts';
import { migrate } from '../../../../src/store/sqlite/migrate.ts';
import * as pages from '../../../../src/store/sqlite/statements-console.ts';
import * as hold from '../../../../src/store/sqlite/statements-hold.ts';
import * as journal from '../../../../src/store/sqlite/statements-journal.ts';
import * as sealed from '../../../../src/store/sqlite/statements-log.ts';
import * as log from '../../../../src/store/sqlite/statements-log-search.ts';
import * as loop from '../../../../src/store/sqlite/statements-loop.ts';
import * as mapping from '../../../../src/store/sqlite/statements-mapping.ts';
import * as message from '../../../../src/store/sqlite/statements-message.ts';
import * as overview from '../../../../src/store/sqlite/statements-overview.ts';
import * as pruning from '../../../../src/store/sqlite/statements-pruning.ts';
import * as reading from '../../../../src/store/sqlite/statements-reading.ts';
import * as referral from '../../../../src/store/sqlite/statements-referral.ts';
import * as resource from '../../../../src/store/sqlite/statements-resource.ts';
import { countLed, searchText } from '../../../../src/store/sqlite/statements-search.ts';
import * as standing from '../../../../src/store/sqlite/statements-standing.ts';
import * as work from '../../../../src/store/sqlite/statements-work.ts';
import { freshFiles } from './fresh-connection.ts';

/** Asks SQLite how it would run the very texts that the program runs. A plan that loses its index fails here first. */
describe('the plan of', () => {
  const { connect } = freshFiles();
  let plans: (sql: string) => string[];

  beforeAll(() => {
    plans = (sql) => planned(connect(), sql);
  });

  function planned(connection: Connection, sql: string): string[] {
    migrate(connection, 'now');
    const nothing = Object.fromEntries(parameterNames(sql).map((name) => [name, null]));
    return connection.all(`explain query plan ${sql}`, nothing).map((row) => String(row['detail']));
  }

  /** Walks through a table or an index from end to end; lists of bound values and subqueries are short. */
  const scans = (plan: readonly string[]) => plan.filter((line) => /^SCAN (?!json_each|v VIRTUAL|l$|\()/.test(line));

  it.each([
    [
      'RECEIVED_BEFORE',
      message.RECEIVED_BEFORE,
      'USING INDEX message_by_identity (partner=? AND direction=? AND identity=?)',
    ],
    ['LEAVES_FROM', sealed.LEAVES_FROM, 'SEARCH log_leaf USING INTEGER PRIMARY KEY (rowid>?)'],
    ['LEAF_OF_ENTRY', sealed.LEAF_OF_ENTRY, 'sqlite_autoindex_log_leaf_1 (seq=?)'],
    ['NODES_FROM', sealed.NODES_FROM, 'PRIMARY KEY (level=? AND position>?)'],
    ['CHECKPOINTS_FROM', sealed.CHECKPOINTS_FROM, 'SEARCH log_checkpoint USING INTEGER PRIMARY KEY (rowid>?)'],
    ['ENTRIES_AFTER', sealed.ENTRIES_AFTER, 'SEARCH journal USING INTEGER PRIMARY KEY (rowid>?)'],
    ['FIRST_MESSAGES_BEFORE', pruning.FIRST_MESSAGES_BEFORE, 'message_by_time (at<?)'],
    ['MESSAGES_BEFORE', pruning.MESSAGES_BEFORE, 'message_by_time ('],
    ['STILL_PRUNABLE', pruning.STILL_PRUNABLE, 'sqlite_autoindex_message_1 (id=?)'],
    ['COUNT_ENTRIES_THROUGH', pruning.COUNT_ENTRIES_THROUGH, 'SEARCH journal USING INTEGER PRIMARY KEY (rowid<?)'],
    ['DELETE_ENTRIES_THROUGH', pruning.DELETE_ENTRIES_THROUGH, 'SEARCH journal USING INTEGER PRIMARY KEY (rowid<?)'],
    ['MESSAGE_BY_ID', message.MESSAGE_BY_ID, 'sqlite_autoindex_message_1 (id=?)'],
    ['MESSAGES_OF_REFERRAL', message.MESSAGES_OF_REFERRAL, 'message_by_referral (referral=?)'],
    ['LINK_MESSAGE', message.LINK_MESSAGE, 'sqlite_autoindex_message_1 (id=?)'],
    ['VERSION_OF_REFERRAL', referral.VERSION_OF_REFERRAL, 'sqlite_autoindex_referral_1 (id=?)'],
    ['UPDATE_REFERRAL', referral.UPDATE_REFERRAL, 'sqlite_autoindex_referral_1 (id=?)'],
    ['REFERENCE_BY_VALUE', referral.REFERENCE_BY_VALUE, 'PRIMARY KEY (partner=? AND kind=? AND value=?)'],
    ['REFERENCES_OF_REFERRAL', referral.REFERENCES_OF_REFERRAL, 'reference_by_referral (referral=?)'],
    ['CURRENT_RESOURCE', resource.CURRENT_RESOURCE, 'sqlite_autoindex_resource_1 (type=? AND id=?)'],
    ['KEEP_FORMER_VERSION', resource.KEEP_FORMER_VERSION, 'sqlite_autoindex_resource_1 (type=? AND id=?)'],
    ['RESOURCES_OF_REFERRAL', resource.RESOURCES_OF_REFERRAL, 'resource_by_referral (referral=?)'],
    ['KEPT_MAPPINGS_OF_NAME', mapping.KEPT_MAPPINGS_OF_NAME, 'mapping_version_by_name (name=?)'],
    ['KEPT_MAPPING_BY_DIGEST', mapping.KEPT_MAPPING_BY_DIGEST, 'sqlite_autoindex_mapping_version_1 (digest=?)'],
    ['SET_READER', message.SET_READER, 'sqlite_autoindex_message_1 (id=?)'],
    ['FORMER_ENTRIES', resource.FORMER_ENTRIES, 'sqlite_autoindex_resource_1 (type=? AND id=?)'],
    ['DELETE_SEARCH_ENTRY', resource.DELETE_SEARCH_ENTRY, '(type=? AND id=? AND param=? AND value=?)'],
    ['EVENTS_OF_REFERRAL', loop.EVENTS_OF_REFERRAL, 'event_by_referral (referral=?)'],
    ['PROMISES_OF_REFERRAL', loop.PROMISES_OF_REFERRAL, 'promise_by_referral (referral=?)'],
    ['LEGS_OF_REFERRAL', loop.LEGS_OF_REFERRAL, 'leg_by_referral (referral=?)'],
    ['LEG_BY_ID', loop.LEG_BY_ID, 'sqlite_autoindex_leg_1 (id=?)'],
    ['READINGS_OF_REFERRAL', reading.READINGS_OF_REFERRAL, 'reading_by_referral (referral=?)'],
    ['LAST_READING_OF_PARTNER', reading.LAST_READING_OF_PARTNER, 'reading_by_partner (partner=?)'],
    ['LOST_CODES_OF_PARTNER', reading.LOST_CODES_OF_PARTNER, 'PRIMARY KEY (partner=?)'],
    ['INSERT_WORK', work.INSERT_WORK, 'work_by_lane (lane=?)'],
    ['UNSETTLED_CLAIM', work.UNSETTLED_CLAIM, 'INTEGER PRIMARY KEY (rowid=?)'],
    ['PROMOTE_NEXT_IN_LANE', work.PROMOTE_NEXT_IN_LANE, 'work_by_lane (lane=?)'],
    ['WORK_OF_HOLD', work.WORK_OF_HOLD, 'work_held (hold=?)'],
    ['RECOVER_EXPIRED', work.RECOVER_EXPIRED, 'work_claimed (claimed_until<?)'],
    ['NEXT_WORK_AT', work.NEXT_WORK_AT, 'SEARCH work USING COVERING INDEX work_waking'],
    ['SESSION_BY_ID', pages.SESSION_BY_ID, 'PRIMARY KEY (id=?)'],
    ['KEPT_OF_SESSION', pages.KEPT_OF_SESSION, 'PRIMARY KEY (session=?)'],
    ['END_SESSIONS_OF_USER', pages.END_SESSIONS_OF_USER, 'console_session_by_user (user_name=?)'],
    ['SWEEP of sessions', pages.SWEEP[0], 'console_session_by_end (ends_at<?)'],
    ['SWEEP of what they kept', pages.SWEEP[1], 'console_kept_by_end (until<?)'],
    ['SWEEP of attempts', pages.SWEEP[2], 'console_attempts_by_end (forget_at<?)'],
    ['openByStateAndAge', overview.openByStateAndAge(false), 'referral_by_status (status=?)'],
    [
      'openByStateAndAge, joined',
      overview.openByStateAndAge(false),
      'resource_search_by_resource (type=? AND id=? AND param=?)',
    ],
    [
      'openByStateAndAge, limited',
      overview.openByStateAndAge(true),
      'resource_search_by_resource (type=? AND id=? AND param=?)',
    ],
    ['lateByDebtor', overview.lateByDebtor(false), 'referral_by_due (next_due_at<?)'],
    ['lateByDebtor, limited', overview.lateByDebtor(true), 'referral_by_due (next_due_at<?)'],
    ['longestLate, limited', overview.longestLate(true), 'referral_by_due (next_due_at<?)'],
    ['openedByDay', overview.openedByDay(false), 'sqlite_autoindex_referral_1 (id>?)'],
    ['openedByDay, limited', overview.openedByDay(true), 'sqlite_autoindex_referral_1 (id>?)'],
    ['closedByDay', overview.closedByDay(false), 'journal_by_kind (kind=? AND at>?)'],
    ['closedByDay, limited', overview.closedByDay(true), 'journal_by_kind (kind=? AND at>?)'],
    ['LAST_HEARD_OF', overview.LAST_HEARD_OF, 'journal_by_actor (actor=?)'],
    ['DUE_TIMERS', standing.DUE_TIMERS, 'work_waking (not_before<?)'],
    ['LATE_BY_DEBTOR', standing.LATE_BY_DEBTOR, 'referral_by_due (next_due_at<?)'],
    ['OPEN_HOLD_BY_KEY', hold.OPEN_HOLD_BY_KEY, 'hold_open (hold_key=?)'],
    ['OPEN_HOLDS_OF_REFERRAL', hold.OPEN_HOLDS_OF_REFERRAL, 'PRIMARY KEY (referral=?)'],
  ])('%s goes in by its index', (_name, sql, expected) => {
    const plan = plans(sql);
    expect(plan.join('\n')).toContain(expected);
    expect(scans(plan)).toEqual([]);
  });

  it('RESOURCES_OF_REFERRAL_AT goes in by the referral, now and in the history', () => {
    const plan = plans(resource.RESOURCES_OF_REFERRAL_AT).join('\n');
    expect(plan).toContain('resource_by_referral (referral=?)');
    expect(plan).toContain('resource_history_by_referral (referral=?)');
  });

  it('CLAIM_WORK looks at the heads of lanes that are due only, in the order in which they fell due, and sorts nothing', () => {
    const plan = plans(work.CLAIM_WORK);
    expect(scans(plan)).toEqual([]);
    expect(plan.join('\n')).toContain('SEARCH work USING INDEX work_waking (not_before<?)');
    expect(plan.join('\n')).not.toContain('TEMP B-TREE');
  });

  it('MOVING_WORK reads the lanes of work that moves by itself, and no timer', () => {
    const plan = plans(standing.MOVING_WORK);
    expect(plan.filter((line) => line === 'SEARCH w USING INDEX work_by_lane (lane>? AND lane<?)')).toHaveLength(4);
    expect(new Set(plan.filter((line) => line.includes(' h ')))).toEqual(
      new Set(['SEARCH h USING INDEX work_one_head (lane=?)']),
    );
    expect(scans(plan)).toEqual([]);
  });

  it('OPEN_HOLDS_BY_KIND looks at open holds only', () => {
    expect(scans(plans(standing.OPEN_HOLDS_BY_KIND))).toEqual(['SCAN hold USING INDEX hold_open']);
  });

  it.each([
    ['RECOVER_ALL', work.RECOVER_ALL],
    ['RENEW_CLAIMS', work.RENEW_CLAIMS],
  ])('%s looks at claimed work only', (_name, sql) => {
    expect(scans(plans(sql))).toEqual(['SCAN work USING INDEX work_claimed']);
  });

  const all = { status: false, late: false, partner: false, after: false };
  it.each([
    [{ ...all, status: true }, 'referral_by_status (status=?)'],
    [{ ...all, status: true, after: true }, 'referral_by_status (status=? AND id>?)'],
    [{ ...all, late: true }, 'referral_by_due (next_due_at<?)'],
    [{ status: true, late: true, partner: true, after: true }, 'referral_by_due (next_due_at<?)'],
    [{ ...all, partner: true }, 'SEARCH referral_partner USING PRIMARY KEY (partner=?)'],
    [{ patient: true, newestFirst: true }, 'SEARCH s USING PRIMARY KEY (type=? AND param=? AND value=?)'],
    [{ named: true, newestFirst: true }, 'SEARCH reference USING PRIMARY KEY (partner=? AND kind=? AND value=?)'],
    [{ status: true, state: true, newestFirst: true }, '(type=? AND param=? AND code=? AND id=?)'],
    [{ status: true, need: true, newestFirst: true }, 'resource_by_referral (referral=? AND type=?)'],
    [{ status: true, among: true, after: true, newestFirst: true }, 'referral_by_status (status=? AND id<?)'],
  ])('loops by %j goes in by its index', (filter, expected) => {
    const plan = plans(referral.loops(filter));
    expect(plan.join('\n')).toContain(expected);
    expect(scans(plan)).toEqual([]);
  });

  const any = { referral: false, partner: false, kind: false, since: false, until: false, afterSeq: false };
  it.each([
    [{ ...any, referral: true, since: true }, 'journal_by_referral (referral=? AND at>?)'],
    [{ ...any, partner: true }, 'journal_by_actor (actor=?)'],
    [{ ...any, kind: true, until: true }, 'journal_by_kind (kind=? AND at<?)'],
    [{ ...any, since: true }, 'journal_by_time (at>?)'],
    [{ ...any, since: true, until: true }, 'journal_by_time (at>? AND at<?)'],
    [{ ...any, afterSeq: true }, 'INTEGER PRIMARY KEY (rowid>?)'],
  ])('the journal by %j goes in by its index', (filter, expected) => {
    const plan = plans(journal.entries(filter));
    expect(plan.join('\n')).toContain(expected);
    expect(scans(plan)).toEqual([]);
  });

  const none = { partner: false, actor: false, kind: false, since: false, until: false, after: false };
  const every = { partner: true, actor: true, kind: true, since: true, until: true, after: true };
  it.each([
    [
      'about',
      ['journal_by_referral (referral=?', 'message_by_referral (referral=?)', 'journal_by_message (message=?)'],
    ],
    ['partner', ['journal_by_actor (actor=?', 'journal_by_partner (partner=?']],
    ['actor', ['journal_by_actor (actor=?']],
    ['kind', ['journal_by_kind (kind=?']],
    ['time', ['journal_by_time']],
  ] as const)('a search of the log by %s goes in by its index, whatever else is asked', (lead, expected) => {
    for (const filter of [none, every]) {
      for (const newestFirst of [false, true]) {
        const plan = plans(log.logEntries({ lead, ...filter, newestFirst }));
        for (const index of expected) expect(plan.join('\n')).toContain(index);
        expect(scans(plan).filter((line) => line !== 'SCAN journal USING INDEX journal_by_time')).toEqual([]);
      }
    }
  });

  it('a page of the log is read in the order of its index, and nothing is sorted but what is about somebody', () => {
    for (const lead of ['actor', 'kind', 'time'] as const) {
      expect(plans(log.logEntries({ lead, ...every, newestFirst: true })).join('\n')).not.toContain('TEMP B-TREE');
    }
  });

  it.each([
    ['a patient', log.REFERRALS_OF_PATIENT, ['resource_search_by_code (type=? AND param=? AND code=?)']],
    ['a name', log.REFERRALS_BY_NAME, ['PRIMARY KEY (partner=? AND kind=? AND value=?)', 'resource_search_by_code']],
    ['a message’s name', log.MESSAGES_BY_NAME, ['message_by_identity (partner=? AND direction=? AND identity=?)']],
    ['a control id', log.REFERRALS_BY_MESSAGE_NAME, ['PRIMARY KEY (partner=? AND kind=? AND value=?)']],
    ['Patient resources', log.PATIENTS_OF_REFERRALS, ['resource_by_referral (referral=? AND type=?)']],
  ])('whom the log is asked about is found by %s with an index', (_name, sql, expected) => {
    const plan = plans(sql);
    for (const index of expected) expect(plan.join('\n')).toContain(index);
    expect(scans(plan).filter((line) => !/^SCAN (namer|sender|n|s)$/.test(line))).toEqual([]);
  });

  const condition = (param: string, compare: SearchCondition['compare']): SearchCondition => ({
    param,
    compare,
    values: ['x'],
  });
  const several = [
    condition('status', 'equal'),
    condition('patient', 'equal'),
    condition('authored', 'ge'),
    condition('owner', 'missing'),
    condition('_lastUpdated', 'gt'),
  ];
  it.each<[string, SearchCondition[], number | undefined, string]>([
    ['nothing', [], undefined, 'resource_by_referrer (type=? AND referrer=?'],
    [
      'what cannot lead',
      [condition('_lastUpdated', 'ge'), condition('owner', 'missing')],
      undefined,
      'resource_by_referrer (type=? AND referrer=?',
    ],
    ['a value', [condition('patient', 'equal')], 0, 'SEARCH s USING PRIMARY KEY (type=? AND param=? AND value=?)'],
    ['a code', [condition('code', 'code')], 0, 'resource_search_by_code (type=? AND param=? AND code=?)'],
    ['an id', [condition('_id', 'equal')], 0, 'SEARCH r USING INDEX sqlite_autoindex_resource_1 (type=? AND id=?)'],
    ['several', several, 1, 'SEARCH s USING PRIMARY KEY (type=? AND param=? AND value=?)'],
  ])('a search by %s goes in by its index, for the page and for the total', (_name, conditions, lead, expected) => {
    const { page, total } = searchText(conditions, lead, true);
    for (const plan of [plans(page), plans(total)]) {
      expect(plan.join('\n')).toContain(expected);
      expect(scans(plan)).toEqual([]);
      expect(plan.filter((line) => line.includes('resource_search_by_resource (type=?)'))).toEqual([]);
    }
  });

  it.each([condition('patient', 'equal'), condition('code', 'code')])(
    'weighing a leading condition is a look-up',
    (one) => {
      expect(scans(plans(countLed(one)))).toEqual([]);
    },
  );
});
