import type { SearchEntry, StoredResource } from '../../core/referral.ts';
import { integer, json, optionalText, type Row, text } from '../rows/row.ts';
import { sound } from '../rows/sound-text.ts';
import { withFurther } from '../rows/with-further.ts';
import { asRows } from './named-parameters.ts';
import type { Session } from './session.ts';
import { HOLDS_BY_ID, OPEN_HOLDS_BY_KEY } from './statements-hold.ts';
import { KNOWN_MESSAGES, RECEIVED_BEFORE } from './statements-message.ts';
import { OTHER_BEARERS, VERSIONS_OF_REFERRALS } from './statements-referral.ts';
import { CURRENT_RESOURCES } from './statements-resource.ts';
import { UNSETTLED_CLAIMS } from './statements-work.ts';
import type { Step } from './step.ts';

/**
 * All that a group of steps has to know of the record, and nothing else. Each step that is decided adds what it changes, so that
 * the next one sees it.
 */
export interface Facts {
  /** By partner and identity: what was received first. */
  readonly received: Map<string, Row>;
  /** By referral. Absent: there is none. */
  readonly versions: Map<string, number>;
  /** By type and id. */
  readonly resources: Map<string, Pick<StoredResource, 'version' | 'referral' | 'index'>>;
  /** By name: referrals that bear it. Enough of them to know whether another one than a step's own does. */
  readonly bearers: Map<string, Set<string>>;
  /** Claims that are still good, as `seq/attempts`. */
  readonly claims: Set<string>;
  /** By key: the hold that is open for it. */
  readonly openHolds: Map<string, string>;
  /** By id, of holds that a step waits on without opening them: whether it is open. */
  readonly holds: Map<string, boolean>;
  readonly messages: Set<string>;
}

/* Names under which facts are found, as the database keeps them. */

export function receivedName({ partner, identity }: { readonly partner: string; readonly identity: string }): string {
  return sound(`${partner}\n${identity}`);
}

export function resourceName({ type, id }: { readonly type: string; readonly id: string }): string {
  return sound(`${type}/${id}`);
}

export function bornName(name: { readonly partner: string; readonly kind: string; readonly value: string }): string {
  return sound(`${name.partner}\n${name.kind}\n${name.value}`);
}

export function claimName({ seq, attempts }: { readonly seq: number; readonly attempts: number }): string {
  return `${seq}/${attempts}`;
}

/** Reads them in one go, each only if a step asks for it. The steps' locks are held. */
export async function lookUp(session: Session, steps: readonly Step[]): Promise<Facts> {
  const changes = steps.flatMap((one) => withFurther(one.changes));
  const messages = steps.flatMap((one) => (one.kind === 'receive' ? [one.message] : []));
  const settled = steps.flatMap((one) => (one.kind === 'commit' ? [one.work] : []));
  const resources = changes.flatMap((one) => one.resources ?? []);
  const unique = changes.flatMap((one) => one.unique ?? []);
  const holds = changes.flatMap((one) => one.holds ?? []);
  const own = new Set(holds.map(({ id }) => id));
  const waitedOn = steps.flatMap((one) =>
    one.kind === 'commit' && one.outcome.kind === 'held' ? [one.outcome.hold] : [],
  );
  const spokenOf = changes.flatMap(({ link, readBy }) => [link?.message ?? [], readBy?.message ?? []].flat());

  const look = (wanted: readonly unknown[], sql: string, parameters: Parameters<Session['all']>[1]) =>
    wanted.length === 0 ? Promise.resolve([]) : session.all(sql, parameters);
  const rowsOf = <T>(list: readonly T[], row: (one: T) => Record<string, string | number>) => ({
    rows: asRows(list.map(row)),
  });
  const referrals = changes.flatMap(({ referral }) => referral?.next.id ?? []);
  const others = waitedOn.filter((id) => !own.has(id));

  const found = await Promise.allSettled([
    look(
      messages,
      RECEIVED_BEFORE,
      rowsOf(messages, ({ partner, identity }) => ({ partner, identity })),
    ),
    look(referrals, VERSIONS_OF_REFERRALS, { ids: referrals }),
    look(
      resources,
      CURRENT_RESOURCES,
      rowsOf(resources, ({ type, id }) => ({ type, id })),
    ),
    look(
      unique,
      OTHER_BEARERS,
      rowsOf(unique, ({ partner, kind, value, referral }) => ({ partner, kind, value, referral })),
    ),
    look(
      settled,
      UNSETTLED_CLAIMS,
      rowsOf(settled, ({ seq, attempts }) => ({ seq, attempts })),
    ),
    look(
      holds,
      OPEN_HOLDS_BY_KEY,
      rowsOf(holds, ({ key }) => ({ holdKey: key })),
    ),
    look(others, HOLDS_BY_ID, { ids: others }),
    look(spokenOf, KNOWN_MESSAGES, { ids: spokenOf }),
  ]);
  const [first, versions, current, bearers, claims, open, byId, known] = found.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  return {
    received: new Map(
      first?.map((row) => [receivedName({ partner: text(row, 'partner'), identity: text(row, 'identity') }), row]),
    ),
    versions: new Map(versions?.map((row) => [text(row, 'id'), integer(row, 'version')])),
    resources: new Map(
      current?.map((row) => [
        resourceName({ type: text(row, 'type'), id: text(row, 'id') }),
        {
          version: integer(row, 'version'),
          referral: text(row, 'referral'),
          index: json<SearchEntry[]>(row, 'search_entries'),
        },
      ]),
    ),
    bearers: bearersOf(bearers ?? []),
    claims: new Set(claims?.map((row) => claimName({ seq: integer(row, 'seq'), attempts: integer(row, 'attempts') }))),
    openHolds: new Map(open?.map((row) => [text(row, 'hold_key'), text(row, 'id')])),
    holds: new Map(byId?.map((row) => [text(row, 'id'), optionalText(row, 'resolved_at') === undefined])),
    messages: new Set(known?.map((row) => text(row, 'id'))),
  };
}

function bearersOf(rows: readonly Row[]): Map<string, Set<string>> {
  const bearers = new Map<string, Set<string>>();
  for (const row of rows) {
    const name = bornName({ partner: text(row, 'partner'), kind: text(row, 'kind'), value: text(row, 'value') });
    bearers.set(name, (bearers.get(name) ?? new Set()).add(text(row, 'other')));
  }
  return bearers;
}
