import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Place } from '../../docker/simulators/demo/place.ts';
import { PROJECT } from '../../docker/simulators/demo/place.ts';
import { type CrowdPlatform, crowdRoutes } from '../fixtures/crash/crowd.ts';

export const GP_TOKEN = 'gp-token-for-faults-0123456789abcdef';
export const PRACTICE_TOKEN = 'practice-token-for-faults-0123456789';

/** Where everybody is, as the engines are told: over lines that can be cut. */
export interface Addresses {
  /** What stands behind `store:`. */
  readonly store: unknown;
  readonly riverside: string;
  readonly casework: string;
  readonly springboard: string;
  /** Where the practice that speaks HL7 v2 is told things. */
  readonly elm: { readonly host: string; readonly port: number };
  readonly platforms: readonly CrowdPlatform[];
  /** The queue to the platform behind the broker, and the one from it. */
  readonly queues: { readonly to: string; readonly from: string };
}

/** Impatient, so that what failed is tried again at once. */
const SENDING = { retry: { initialMs: 20, maxMs: 250 }, circuit: { failures: 5, openMs: 150 }, timeoutMs: 1_500 };
/** Of the platforms one does not promise that a repeat has no second effect: a person decides there. */
export const IDEMPOTENT = { casework: true, springboard: false, piecemeal: true } as const;

export interface EnginePorts {
  readonly http: number;
  readonly mllp: number;
}

/** Writes an engine's configuration; gives its path. Secrets must be kept beside it already. */
export function writeEngineConfig(place: Place, name: string, ports: EnginePorts, at: Addresses): string {
  const config = {
    engine: {
      listen: { host: '127.0.0.1', port: ports.http },
      store: at.store,
      mappings: join(PROJECT, 'mappings'),
      terminology: join(PROJECT, 'terminology'),
      limits: { requestsPerMinute: 1_000_000 },
      drainSeconds: 5,
      log: { key: { file: './log.key' } },
      ...(at.platforms.includes('piecemeal') && {
        brokers: [{ name: 'borough', url: { file: './broker.secret' }, local: true, heartbeatSeconds: 5 }],
      }),
    },
    partners: [
      practice(at),
      hl7Practice(at, ports),
      ...at.platforms.map((id) => (id === 'piecemeal' ? behindBroker(at) : overHttp(id, at))),
    ],
    routes: crowdRoutes(at.platforms),
  };
  return join(place.directory, place.keep(`${name}.yaml`, stringify(config)));
}

function practice({ riverside }: Addresses) {
  return {
    id: 'riverside',
    kind: 'gp-system',
    organisation: { name: 'Riverside Surgery', ods: 'Z99001' },
    local: true,
    inlets: [{ type: 'fhir', tokens: [{ sha256: createHash('sha256').update(GP_TOKEN).digest('hex') }] }],
    outlets: [{ type: 'fhir', url: `${riverside}/fhir`, token: { file: './practice.secret' }, ...SENDING }],
  };
}

function hl7Practice({ elm }: Addresses, { mllp }: EnginePorts) {
  return {
    id: 'elm',
    kind: 'gp-system',
    organisation: { name: 'Elm Tree Practice', ods: 'Z99003' },
    local: true,
    inlets: [{ type: 'mllp', port: mllp, mappings: { 'REF^I12': 'hl7v2/ref-i12', 'REF^I14': 'hl7v2/ref-i12' } }],
    outlets: [
      {
        type: 'mllp',
        ...elm,
        mappings: { 'write-back': 'hl7v2/oru-r01', answer: 'hl7v2/rri-i12' },
        idempotent: true,
        ...SENDING,
      },
    ],
  };
}

const HTTP = {
  casework: { name: 'Riverside Casework', replyReference: '/caseId' },
  springboard: { name: 'Springboard', replyReference: '/your_number' },
} as const;

function overHttp(id: keyof typeof HTTP, at: Addresses) {
  const { name, replyReference } = HTTP[id];
  const secrets = [{ file: `./${id}.secret` }];
  return {
    id,
    kind: 'vcse-platform',
    organisation: { name },
    local: true,
    inlets: [{ type: 'webhook', secrets, mapping: `${id}/report` }],
    outlets: [
      {
        type: 'webhook',
        url: `${at[id]}/referrals`,
        secrets,
        mappings: { referral: `${id}/referral`, cancel: `${id}/cancel` },
        replyReference,
        idempotent: IDEMPOTENT[id],
        ...SENDING,
      },
    ],
  };
}

function behindBroker({ queues }: Addresses) {
  const report = 'piecemeal/report';
  return {
    id: 'piecemeal',
    kind: 'vcse-platform',
    organisation: { name: 'Bromley Helpers' },
    inlets: [
      {
        type: 'amqp',
        broker: 'borough',
        queue: queues.from,
        mappings: { 'status.changed': report, 'outcome.recorded': report },
      },
    ],
    outlets: [
      {
        type: 'amqp',
        broker: 'borough',
        queue: queues.to,
        mappings: { referral: 'piecemeal/referral', update: 'piecemeal/update', cancel: 'piecemeal/cancel' },
        idempotent: IDEMPOTENT.piecemeal,
        ...SENDING,
      },
    ],
  };
}
