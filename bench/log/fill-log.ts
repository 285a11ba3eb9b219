import { createHash } from 'node:crypto';
import type { Message } from '../../src/core/message.ts';
import type { Referral, StoredResource } from '../../src/core/referral.ts';
import type { Changes, JournalEntry } from '../../src/ports-changes.ts';
import type { Store } from '../../src/ports-record.ts';

/** Entries of one loop, as a referral with three status events, an outcome and three write-backs leaves about them. */
export const ENTRIES_A_LOOP = 40;
const MESSAGES_A_LOOP = 10;
/** Loops that are written at once: the store groups them into transactions. */
const AT_ONCE = 200;
const BEGAN = Date.parse('2026-01-01T00:00:00.000Z');
/** So much time is between the beginnings of two loops: 25,000 of them fill about nine months. */
const BETWEEN_MS = 15 * 60_000;
const PLATFORMS = ['casework', 'springboard', 'kindness', 'gardeners'] as const;
const PRACTICES = Array.from({ length: 12 }, (_, number) => `practice-${number + 1}`);

/** What somebody asks the log about one loop. */
export interface Asked {
  readonly patient: string;
  readonly reference: string;
  readonly since: string;
  readonly until: string;
  readonly partner: string;
}

/** How the loop with this number is asked about. */
export function askedOf(loop: number): Asked {
  const day = Math.floor((loop * BETWEEN_MS) / 86_400_000) * 86_400_000;
  return {
    patient: numberOf(loop),
    reference: `C-${loop}`,
    since: instant(day),
    until: instant(day + 86_400_000),
    partner: PLATFORMS[loop % PLATFORMS.length] ?? '',
  };
}

/** Fills a record with loops: their referrals, patients, references, messages with bytes, and the entries of the log about them. */
export async function fillLog(store: Store, loops: number, tell: (entries: number) => void): Promise<void> {
  for (let from = 0; from < loops; from += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, loops - from) }, (_, place) => from + place);
    await Promise.all(numbers.map((loop) => store.apply(changesOf(loop))));
    if (from % (AT_ONCE * 20) === 0) tell(from * ENTRIES_A_LOOP);
  }
}

/** From the 999 range; not every one has a right check digit, which nothing here asks for. */
function numberOf(loop: number): string {
  return `999${String(loop % 10_000_000).padStart(7, '0')}`;
}

function instant(ms: number): string {
  return new Date(BEGAN + ms).toISOString();
}

function changesOf(loop: number): Changes {
  const referral = `r-${String(loop).padStart(9, '0')}`;
  const practice = PRACTICES[loop % PRACTICES.length] ?? '';
  const platform = PLATFORMS[loop % PLATFORMS.length] ?? '';
  const at = (step: number) => instant(loop * BETWEEN_MS + step * 6 * 3_600_000);
  const next: Referral = {
    ...{ id: referral, version: 1, referrer: practice, platforms: [platform], parentTask: `t-${referral}` },
    ...{ status: 'closed', openedAt: at(0), closedAt: at(ENTRIES_A_LOOP) },
  };
  const messages = Array.from({ length: MESSAGES_A_LOOP }, (_, step) =>
    messageOf({ referral, step, at: at(step * 4) }),
  );
  return {
    referral: { ifVersion: 'new', next },
    resources: [
      resourceOf('Patient', referral, { identifier: [`https://fhir.nhs.uk/Id/nhs-number|${numberOf(loop)}`] }, at(0)),
      resourceOf('Task', referral, { identifier: [`https://gp.example/number|SP-${loop}`] }, at(0)),
    ],
    references: [
      { partner: platform, kind: 'platform-reference', value: `C-${loop}`, referral },
      { partner: practice, kind: 'correlation', value: `corr-${loop}`, referral },
    ],
    messages,
    journal: Array.from({ length: ENTRIES_A_LOOP }, (_, step) => {
      const message = messages[step % 4 === 0 ? step / 4 : -1];
      return entryOf({ step, at: at(step), referral, message, actor: step % 3 === 0 ? platform : practice });
    }),
  };
}

function messageOf({ referral, step, at }: { referral: string; step: number; at: string }): Message {
  const body = new TextEncoder().encode(JSON.stringify({ referral, step, filler: 'x'.repeat(700) }));
  return {
    ...{ id: `m-${referral}-${step}`, direction: 'out', partner: 'casework', channel: 'webhook', referral, at, body },
    ...{
      identity: `i-${referral}-${step}`,
      contentType: 'application/json',
      headers: {},
      verdict: 'sent',
      findings: [],
    },
    digest: createHash('sha256').update(body).digest('hex'),
  };
}

interface Said {
  readonly step: number;
  readonly at: string;
  readonly referral: string;
  readonly message: Message | undefined;
  readonly actor: string;
}

const KINDS = ['message.made', 'leg.acknowledged', 'event.recorded', 'message.answered', 'resource.read'] as const;

function entryOf({ step, at, referral, message, actor }: Said): JournalEntry {
  const kind = message === undefined ? (KINDS[1 + (step % 4)] ?? 'event.recorded') : 'message.made';
  const proof = message === undefined ? {} : { digest: message.digest, bytes: message.body.byteLength };
  return {
    ...{ at, kind, actor: step % 2 === 0 ? 'hearback' : actor, referral },
    ...(message !== undefined && { message: message.id }),
    detail: { partner: actor, leg: `l-${referral}-${step}`, purpose: 'referral', attempt: 1, ...proof },
  };
}

function resourceOf(
  type: 'Patient' | 'Task',
  referral: string,
  params: Readonly<Record<string, readonly string[]>>,
  lastUpdated: string,
): StoredResource {
  const id = `${type === 'Patient' ? 'p' : 't'}-${referral}`;
  const index = Object.entries(params).flatMap(([param, values]) => values.map((value) => ({ param, value })));
  const resource = { resourceType: type, id } as StoredResource['resource'];
  return { ...{ type, id, version: 1, referral, referrer: 'practice-1', lastUpdated, index }, resource };
}
