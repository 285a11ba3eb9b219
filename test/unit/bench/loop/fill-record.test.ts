import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { rowsOf } from '../../../../bench/loop/bare/tables.ts';
import { fillRecord } from '../../../../bench/loop/fill-record.ts';
import type { Store } from '../../../../src/ports-record.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/open-store.ts';
import { changes, event, leg, message, promise, referral, sent, task, work } from '../../../contract/store/samples.ts';

const PERSON = '9990000018';
const R = '0198a1b2-0000-7000-8000-000000000001';
const T = '0198a1b2-0000-7001-8000-000000000002';
const LEG = '0198a1b2-0000-7002-8000-000000000003';
const SENT = '0198a1b2-0000-7003-8000-000000000004';
const M = '0198a1b2-0000-7004-8000-000000000005';

describe('a record that is filled with copies of one loop', () => {
  const directory = mkdtempSync(join(tmpdir(), 'hearback-bench-fill-'));
  const [one, many] = [join(directory, 'one.db'), join(directory, 'many.db')];
  let store: Store;

  beforeAll(async () => {
    const original = await openSqliteStore({ file: one, worker: false });
    const body = new TextEncoder().encode(JSON.stringify({ id: T, nhs: PERSON }));
    const whole = changes({
      referral: { ifVersion: 'new', next: referral(R, { parentTask: T }) },
      resources: [
        task(T, 1, { referral: R, resource: { resourceType: 'Task', id: T, status: 'requested', intent: 'order' } }),
      ],
      references: [{ partner: 'casework', kind: 'platform-reference', value: `CW-${PERSON}`, referral: R, task: T }],
      events: [event('0198a1b2-0000-7005-8000-000000000006', { referral: R, task: T })],
      promises: [promise('0198a1b2-0000-7006-8000-000000000007', { referral: R, task: T })],
      messages: [sent(SENT, { identity: LEG, referral: R, body })],
      legs: [leg(LEG, { referral: R, message: SENT, task: T })],
      work: [work(`out/casework/${R}`, LEG)],
    });
    await original.receive(message(M, { identity: `r-${PERSON}`, body }), whole);
    await original.close();
    // In threads, which let go of the file when they end.
    await (await openSqliteStore({ file: many })).close();
    fillRecord(many, { file: one, nhsNumber: PERSON }, 50);
    store = await openSqliteStore({ file: many, worker: false });
  });

  afterAll(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('holds so many of everything, each under names of its own, and nothing refers to nothing', () => {
    const database = new Database(many);
    const count = (sql: string) => Object.values(rowsOf(database, sql)[0] ?? {})[0];
    expect(count('select count(distinct id) from referral')).toBe(50);
    expect(count('select count(distinct identity) from message')).toBe(100);
    expect(count('select count(distinct lane) from work')).toBe(50);
    expect(rowsOf(database, 'pragma foreign_key_check')).toEqual([]);
    expect(rowsOf(database, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    database.close();
  });

  it('gives each copy as the original was given', async () => {
    const [, other] = await store.loops({ limit: 10 });
    const snapshot = await store.snapshot(other?.id ?? '');
    const [reference] = snapshot?.references ?? [];
    const person = reference?.value.slice(3) ?? '';
    expect(person).toMatch(/^999\d{7}$/);
    expect(await store.findReferral('casework', ['platform-reference'], `CW-${person}`)).toEqual(reference);
    const [legOf] = snapshot?.legs ?? [];
    const bytes = (await store.message(legOf?.message ?? ''))?.body;
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({ id: other?.parentTask, nhs: person });
    expect(snapshot?.dossier.entry?.map(({ resource }) => resource?.id)).toEqual([other?.parentTask]);
    expect([snapshot?.events.length, snapshot?.promises.length]).toEqual([1, 1]);
  });
});
