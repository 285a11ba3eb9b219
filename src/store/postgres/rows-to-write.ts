import type { Hold, Message } from '../../core/message.ts';
import type { Referral, SearchEntry, StoredResource } from '../../core/referral.ts';
import type { Changes, JournalEntry } from '../../ports-changes.ts';
import type { Bindings } from '../rows/row.ts';
import { fromEvent } from '../rows/row-event.ts';
import { fromHold } from '../rows/row-hold.ts';
import { fromEntry } from '../rows/row-journal.ts';
import { fromLeg } from '../rows/row-leg.ts';
import { fromLostCode } from '../rows/row-lost-code.ts';
import { fromKeptMapping } from '../rows/row-mapping.ts';
import { fromBody, fromMessage } from '../rows/row-message.ts';
import { fromPromise } from '../rows/row-promise.ts';
import { fromReading } from '../rows/row-reading.ts';
import { fromReference } from '../rows/row-reference.ts';
import { fromReferral } from '../rows/row-referral.ts';
import { fromNewWork } from '../rows/row-work.ts';
import { bornName } from './facts.ts';
import { asRows } from './named-parameters.ts';
import type { Statement } from './session.ts';
import { INSERT_HOLD_REFERRALS, INSERT_HOLDS } from './statements-hold.ts';
import { ANNOUNCE_ENTRIES, INSERT_ENTRIES } from './statements-journal.ts';
import { INSERT_EVENTS, UPSERT_LEGS, UPSERT_PROMISES } from './statements-loop.ts';
import { KEEP_MAPPINGS } from './statements-mapping.ts';
import { INSERT_BODIES, INSERT_MESSAGES, LINK_MESSAGES, SET_READERS } from './statements-message.ts';
import { INSERT_READINGS, UPSERT_LOST_CODES } from './statements-reading.ts';
import { INSERT_REFERRAL_PARTNERS, UPSERT_REFERENCES, WRITE_REFERRALS } from './statements-referral.ts';
import { DELETE_WORK, HOLD_WORK, INSERT_WORK, PROMOTE_NEXT_IN_LANES, PUT_BACK_WORK } from './statements-work.ts';
import { type NextVersion, writeResources } from './write-resources.ts';

/**
 * What the steps of one transaction write, gathered by table: one statement a table, however many steps. Of what is inserted
 * or replaced the last one counts, as if it had been written one after another.
 */
export class RowsToWrite {
  readonly #referrals = new Map<string, Referral>();
  readonly #partners: Bindings[] = [];
  readonly #messages: Bindings[] = [];
  readonly #bodies: Bindings[] = [];
  readonly #resources: NextVersion[] = [];
  readonly #references = new Map<string, Bindings>();
  readonly #events: Bindings[] = [];
  readonly #promises = new Map<string, Bindings>();
  readonly #legs = new Map<string, Bindings>();
  readonly #readings: Bindings[] = [];
  readonly #lostCodes = new Map<string, Bindings>();
  readonly #work: Bindings[] = [];
  readonly #links = new Map<string, Bindings>();
  readonly #readers = new Map<string, Bindings>();
  readonly #mappings: Bindings[] = [];
  readonly #entries: Bindings[] = [];
  readonly #holds: Bindings[] = [];
  readonly #holdReferrals: Bindings[] = [];
  readonly #done: { readonly seq: number; readonly lane: string }[] = [];
  readonly #putBack: Bindings[] = [];
  readonly #held: Bindings[] = [];

  /** Everything but resources and holds. `now` is when new work is queued. */
  changes(changes: Changes, now: string): void {
    const { referral, link, readBy } = changes;
    if (referral !== undefined) this.#referral(referral.next);
    for (const message of changes.messages ?? []) this.message(message, false);
    for (const reference of changes.references ?? []) this.#reference(fromReference(reference));
    this.#events.push(...(changes.events ?? []).map(fromEvent));
    for (const promise of changes.promises ?? []) this.#promises.set(promise.id, fromPromise(promise));
    for (const leg of changes.legs ?? []) this.#legs.set(leg.id, fromLeg(leg));
    this.#readings.push(...(changes.readings ?? []).map(fromReading));
    for (const code of changes.lostCodes ?? []) {
      this.#lostCodes.set(JSON.stringify([code.partner, code.system, code.code]), fromLostCode(code));
    }
    this.#work.push(...(changes.work ?? []).map((work) => fromNewWork(work, now)));
    if (link !== undefined) this.#links.set(link.message, { id: link.message, referral: link.referral });
    if (readBy !== undefined) {
      this.#readers.set(readBy.message, { id: readBy.message, mapping: JSON.stringify(readBy.mapping) });
    }
    this.#mappings.push(...(changes.mappings ?? []).map(fromKeptMapping));
    for (const entry of changes.journal) this.entry(entry);
  }

  message(message: Message, received: boolean): void {
    this.#messages.push(fromMessage(message, received));
    this.#bodies.push(fromBody(message));
  }

  /** `former`: what its version before was found by; nothing of a new one. */
  resource(next: StoredResource, former: readonly SearchEntry[]): void {
    this.#resources.push({ next, former });
  }

  entry(entry: JournalEntry): void {
    this.#entries.push(fromEntry(entry));
  }

  hold(hold: Hold): void {
    this.#holds.push(fromHold(hold));
  }

  holdReferral(referral: string, hold: string): void {
    this.#holdReferrals.push({ referral, hold });
  }

  /** Takes work out of its lane for good; the next one comes to the head. */
  done(work: { readonly seq: number; readonly lane: string }): void {
    this.#done.push(work);
  }

  putBack(seq: number, notBefore: string, why: string): void {
    this.#putBack.push({ seq, notBefore, why });
  }

  held(seq: number, hold: string): void {
    this.#held.push({ seq, hold });
  }

  /** In the order in which one refers to another. */
  statements(): Statement[] {
    const seqs = this.#done.map(({ seq }) => seq);
    const lanes = [...new Set(this.#done.map(({ lane }) => lane))];
    return [
      ...(this.#entries.length === 0 ? [] : [{ sql: ANNOUNCE_ENTRIES }]),
      ...written(WRITE_REFERRALS, [...this.#referrals.values()].map(fromReferral)),
      ...written(INSERT_REFERRAL_PARTNERS, this.#partners),
      ...written(INSERT_MESSAGES, this.#messages),
      ...written(INSERT_BODIES, this.#bodies),
      ...writeResources(this.#resources),
      ...written(UPSERT_REFERENCES, [...this.#references.values()]),
      ...written(INSERT_EVENTS, this.#events),
      ...written(UPSERT_PROMISES, [...this.#promises.values()]),
      ...written(UPSERT_LEGS, [...this.#legs.values()]),
      ...written(INSERT_READINGS, this.#readings),
      ...written(UPSERT_LOST_CODES, [...this.#lostCodes.values()]),
      ...written(INSERT_WORK, this.#work),
      ...written(LINK_MESSAGES, [...this.#links.values()]),
      ...written(SET_READERS, [...this.#readers.values()]),
      ...written(KEEP_MAPPINGS, this.#mappings),
      ...written(INSERT_HOLDS, this.#holds),
      ...written(INSERT_HOLD_REFERRALS, this.#holdReferrals),
      ...written(HOLD_WORK, this.#held),
      ...written(PUT_BACK_WORK, this.#putBack),
      ...(seqs.length === 0 ? [] : [{ sql: DELETE_WORK, parameters: { seqs } }]),
      ...(lanes.length === 0 ? [] : [{ sql: PROMOTE_NEXT_IN_LANES, parameters: { lanes } }]),
      ...written(INSERT_ENTRIES, this.#entries),
    ];
  }

  #referral(next: Referral): void {
    this.#referrals.set(next.id, next);
    for (const partner of new Set([next.referrer, ...next.platforms])) {
      this.#partners.push({ partner, referral: next.id });
    }
  }

  #reference(row: Bindings): void {
    const name = `${bornName(row as never)}\n${row['referral']}`;
    const former = this.#references.get(name);
    this.#references.set(name, former === undefined ? row : { ...row, task: row['task'] ?? former['task'] ?? null });
  }
}

export function written(sql: string, rows: readonly Bindings[]): Statement[] {
  return rows.length === 0 ? [] : [{ sql, parameters: { rows: asRows(rows) } }];
}
