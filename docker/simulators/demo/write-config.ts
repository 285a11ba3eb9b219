import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { PracticeName } from './people.ts';
import { type Place, PROJECT } from './place.ts';
import { PRACTICES } from './referral-bundle.ts';

/** What partners share with Hearback. */
export interface Secrets {
  readonly casework: string;
  readonly springboard: string;
  /** The token that Hearback shows when it writes to Riverside's record. */
  readonly record: string;
  /** The tokens that the GP systems show. */
  readonly riverside: string;
  readonly hillview: string;
}

export interface Addresses {
  readonly port: number;
  readonly record: string;
  readonly casework: string;
  readonly springboard: string;
  /** Where the record of Elm Tree listens for HL7 v2. */
  readonly hl7Record: number;
}

export function newSecrets(): Secrets {
  const webhook = () => `whsec_${randomBytes(32).toString('base64')}`;
  const token = () => randomBytes(24).toString('base64url');
  return { casework: webhook(), springboard: webhook(), record: token(), riverside: token(), hillview: token() };
}

/** Impatient, so that a platform that comes back is found at once. */
const SENDING = { retry: { initialMs: 200, maxMs: 800 }, circuit: { failures: 3, openMs: 600 }, concurrency: 4 };
/** How long a platform may leave a referral unanswered before the GP is told. */
const DECIDE = '4s';

/** Writes `hearback.yaml` and the secrets beside it; gives the configuration's path. */
export function writeConfig(place: Place, secrets: Secrets, at: Addresses): string {
  const config = {
    engine: {
      listen: { host: '127.0.0.1', port: at.port },
      store: 'sqlite:./hearback.db',
      console: {},
      mappings: place.mappings(HL7_MAPPINGS),
      terminology: join(PROJECT, 'terminology'),
      limits: { requestsPerMinute: 100_000 },
      drainSeconds: 5,
      deadlines: { decide: DECIDE },
    },
    partners: [
      {
        ...gpSystem('riverside', secrets, place),
        outlets: [
          {
            type: 'fhir',
            url: `${at.record}/fhir`,
            token: { file: place.keep('riverside-record.secret', secrets.record) },
            // The text of a code that the record does not know is enough for this practice; the loop says that it was lost.
            readBack: { everySeconds: 0, onLostCode: 'accept' },
            ...SENDING,
          },
        ],
      },
      gpSystem('hillview', secrets, place),
      hl7Practice(at.hl7Record),
      platform('casework', 'Lantern Casework', { ...at, place, secrets, reference: '/caseId' }),
      platform('springboard', 'Springboard Befriending', { ...at, place, secrets, reference: '/your_number' }),
    ],
    routes: [
      route('money', ['casework'], '160932005'),
      route('company', ['springboard'], '267076002'),
      route('carers', ['casework', 'springboard'], '224484003'),
    ],
  };
  const file = place.keep('hearback.yaml', stringify(config));
  return join(place.directory, file);
}

function gpSystem(id: PracticeName, secrets: Secrets, place: Place) {
  const { name, ods } = PRACTICES[id];
  const sha256File = place.keep(`${id}-token.sha256`, createHash('sha256').update(secrets[id]).digest('hex'));
  return {
    id,
    kind: 'gp-system',
    organisation: { name, ods },
    local: true,
    inlets: [{ type: 'fhir', tokens: [{ sha256File }] }],
  };
}

const HL7_MAPPINGS = join(PROJECT, 'docker/simulators/gp-systmone-style/mappings');

const HL7_NEWS = { 'write-back': 'hl7v2/oru-r01', answer: 'hl7v2/rri-i12' };

/** Speaks HL7 v2 alone. One of the forty is referred from there too, in the end, and whoever looks around can do the same. */
function hl7Practice(port: number) {
  return {
    id: 'elm-tree',
    kind: 'gp-system',
    organisation: { name: 'Elm Tree Practice', ods: 'Z99003' },
    local: true,
    inlets: [
      {
        type: 'mllp',
        port: 0,
        processingIds: ['P', 'T', 'D'],
        mappings: { 'REF^I12': 'gp/ref-i12', 'REF^I13': 'gp/ref-i12', 'REF^I14': 'gp/ref-i12' },
      },
    ],
    outlets: [{ type: 'mllp', host: '127.0.0.1', port, mappings: HL7_NEWS, acknowledges: 'business' }],
  };
}

interface PlatformGiven extends Addresses {
  readonly place: Place;
  readonly secrets: Secrets;
  readonly reference: string;
}

function platform(id: 'casework' | 'springboard', name: string, given: PlatformGiven) {
  const secrets = [{ file: given.place.keep(`${id}.secret`, given.secrets[id]) }];
  return {
    id,
    kind: 'vcse-platform',
    organisation: { name },
    local: true,
    inlets: [{ type: 'webhook', secrets, mapping: `${id}/report` }],
    outlets: [
      {
        type: 'webhook',
        url: `${given[id]}/referrals`,
        secrets,
        mappings: { referral: `${id}/referral`, cancel: `${id}/cancel` },
        idempotent: true,
        acknowledges: 'technical',
        replyReference: given.reference,
        ...SENDING,
      },
    ],
  };
}

function route(name: string, to: readonly string[], code: string) {
  return { name, to, when: { need: { codes: [`http://snomed.info/sct|${code}`] }, postcode: ['SE15', 'SE22'] } };
}
