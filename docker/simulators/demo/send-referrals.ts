import { randomUUID } from 'node:crypto';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { Fhir } from 'fhir-lantana';
import { type FhirAnswer, type FhirClient, isBundle, type Outgoing } from '../gp-practice/fhir-client.ts';
import { pause } from '../pause.ts';
import type { Person, PracticeName } from './people.ts';
import { message, transaction } from './referral-bundle.ts';

/** What a GP system knows of a referral that it sent. */
export interface Sent {
  readonly person: Person;
  readonly status: number;
  /** Id of the Task by which Hearback knows the referral; absent when it was refused. */
  readonly task?: string;
  /** What went otherwise than a sender may expect. */
  readonly surprises: readonly string[];
}

export type Clients = Readonly<Record<PracticeName, FhirClient>>;

const PATIENCE = 40;
const RETRY_MS = 250;
/** Nobody answered. */
const NOBODY: FhirAnswer = { status: 0, text: '' };
const xml = new Fhir();

/** Sends one referral as its practice's system would, and again where the fate wants it. */
export async function sendReferral(person: Person, clients: Clients): Promise<Sent> {
  const client = clients[person.practice];
  const path = person.form === 'message' ? '/$process-message' : '';
  const outgoing = written(person, randomUUID());
  const answer = await delivered(client, path, outgoing);
  const task = taskIn(answer);
  const surprises = [
    ...(answer.status === 200 && task !== undefined
      ? []
      : [`referral ${person.number} was answered ${answer.status}: ${answer.text}`]),
    ...(person.fate.sentTwice ? await sendAgain(client, { person, outgoing, first: answer }) : []),
  ];
  return { person, status: answer.status, ...(task !== undefined && { task }), surprises };
}

interface First {
  readonly person: Person;
  readonly outgoing: Outgoing;
  readonly first: FhirAnswer;
}

/** The same bytes under the same id get the first answer again; other bytes under it are a conflict. */
async function sendAgain(client: FhirClient, { person, outgoing, first }: First): Promise<string[]> {
  const again = await delivered(client, '', outgoing);
  const other = await delivered(client, '', written(person, outgoing.id));
  return [
    ...(again.status === first.status && again.text === first.text
      ? []
      : ['a repeat got another answer than the first']),
    ...(other.status === 409 ? [] : [`other bytes under a used id were answered ${other.status}`]),
  ];
}

function written(person: Person, id: string): Outgoing {
  const authoredOn = new Date().toISOString();
  const bundle = person.form === 'message' ? message(person, authoredOn) : transaction(person, authoredOn);
  if (person.form === 'xml') return { id, contentType: 'application/fhir+xml', body: xml.objToXml(bundle) };
  return { id, contentType: 'application/fhir+json', body: JSON.stringify(bundle) };
}

/** Tries the same message under the same id until somebody decided about it, or for ten seconds. */
async function delivered(client: FhirClient, path: string, outgoing: Outgoing): Promise<FhirAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await client.post(path, outgoing).catch(() => undefined);
    if (answer !== undefined && answer.status < 500 && answer.status !== 429) return answer;
    if (attempt >= PATIENCE) return answer ?? NOBODY;
    await pause(RETRY_MS);
  }
}

/** The coordinating Task: named by its location in a transaction-response, sent along in a response message. */
function taskIn({ resource }: FhirAnswer): string | undefined {
  if (!isBundle(resource)) return undefined;
  for (const { response, resource: inner } of entriesOf(resource)) {
    const located = /(?:^|\/)Task\/([^/]+)/.exec(response?.location ?? '')?.[1];
    if (located !== undefined) return located;
    if (inner?.resourceType === 'Task' && inner.focus !== undefined) return inner.id;
  }
  return undefined;
}

function entriesOf(bundle: Bundle<FhirResource>): NonNullable<Bundle<FhirResource>['entry']> {
  return bundle.entry ?? [];
}
