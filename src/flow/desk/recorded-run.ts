import { readContent } from '../../core/content/read-content.ts';
import type { LoopEvent } from '../../core/loop/event.ts';
import type { CompiledMapping, MappingRun } from '../../core/mapping/compile.ts';
import { type Difference, differencesOf } from '../../core/mapping/difference.ts';
import type { MappingFrom } from '../../core/mapping/direction.ts';
import { type WrittenResult, writeResult } from '../../core/mapping/result/write-result.ts';
import type { Leg, MappingStamp, Message } from '../../core/message.ts';
import { isPruned, prunedText } from '../../core/pruned-body.ts';
import type { Store } from '../../ports-record.ts';
import { platformView } from '../onward/platform-view.ts';
import type { RoadParts } from '../road-parts.ts';
import { messageContent } from '../translation/message-content.ts';
import { eventOf, gpView, isFhirWriteBack, writeBackVariables } from '../write-back/gp-view.ts';

/** A message of the record that a mapping read or made, with what it was given. */
export interface RecordedRun {
  readonly message: Message;
  /** Of what was sent. */
  readonly leg?: Leg;
  /** The mapping's name. */
  readonly name: string;
  /** Which version it was; absent in what was recorded before versions were. */
  readonly stamp?: MappingStamp;
  readonly variables: Readonly<Record<string, string>>;
  /** What the mapping is given: the report as a tree, or the dossier as it was when the message was made. */
  readonly input: (from: MappingFrom) => unknown;
}

/** Nothing can be run again: no mapping had to do with the message, or what it was made of is not there. */
export class NotRecorded extends Error {}

type RunParts = Pick<RoadParts, 'store' | 'reportMappingOf'>;

/** Finds what a mapping was given for a message. Rejects with `NotRecorded` when no mapping had to do with it. */
export async function recordedRun(id: string, { store, reportMappingOf }: RunParts): Promise<RecordedRun> {
  const message = await store.message(id);
  if (message === undefined) throw new NotRecorded(`There is no message ${id}.`);
  if (isPruned(message)) throw new NotRecorded(prunedText(id));
  return message.direction === 'in' ? reportRun(message, reportMappingOf) : legRun(message, store);
}

function reportRun(message: Message, reportMappingOf: RunParts['reportMappingOf']): RecordedRun {
  const name = message.mapping?.name ?? reportMappingOf(message);
  if (name === undefined || message.verdict === 'refused' || message.identity.startsWith('reply:'))
    throw new NotRecorded(`No mapping read the message ${message.id}.`);
  return {
    message,
    name,
    ...(message.mapping && { stamp: message.mapping }),
    variables: { receivedAt: message.at, partner: message.partner, message: message.id },
    input: (from) => messageContent(message, from).value,
  };
}

async function legRun(message: Message, store: Store): Promise<RecordedRun> {
  const { referral: id = '' } = message;
  const leg = (await store.legs(id)).find((one) => one.message === message.id);
  const referral = await store.referral(id);
  if (leg?.mapping === undefined || referral === undefined)
    throw new NotRecorded(`No mapping made the message ${message.id}.`);
  const events = (await store.events(id)).filter(({ recordedAt }) => recordedAt <= leg.queuedAt);
  const found = { message, leg, name: leg.mapping.name, stamp: leg.mapping };
  if (leg.purpose === 'write-back') return { ...found, ...(await writeBackRun(leg, events, store)) };
  const dossier = platformView(await store.dossierAt(id, leg.queuedAt), leg.task, { referral, events });
  return {
    ...found,
    variables: {
      referral: id,
      task: leg.task,
      now: leg.queuedAt,
      partner: leg.partner,
      message: leg.cause ?? leg.task,
    },
    input: () => dossier,
  };
}

/** A write-back is recorded twice: as FHIR has it, under the leg's id, and as its mapping made it. */
async function writeBackRun(leg: Leg, events: readonly LoopEvent[], store: Store) {
  const told = (await store.messagesOf(leg.referral)).find(
    (one) => one.identity === leg.id && isFhirWriteBack(leg, one),
  );
  if (told === undefined) throw new NotRecorded(`What the message ${leg.message} was made of is not in the record.`);
  const dossier = gpView(await store.dossierAt(leg.referral, leg.queuedAt), told);
  return { variables: writeBackVariables(leg, eventOf(told, events)), input: () => dossier };
}

export function runAgain(recorded: RecordedRun, mapping: CompiledMapping): MappingRun {
  return mapping.run(recorded.input(mapping.from), recorded.variables);
}

/** What differs between what was sent and what a version makes of the same referral now. */
export function differencesFromSent(
  { message, leg }: RecordedRun,
  mapping: CompiledMapping,
  run: MappingRun,
): Difference[] {
  const written = run.result === undefined ? [] : writeResult(mapping.to, run.result);
  const [own] = written.slice((leg?.part?.number ?? 1) - 1);
  return [
    ...differencesOf(leg?.part?.of ?? 1, written.length, '(messages)'),
    ...differencesOf(leg?.part?.key, own?.key, '(key)'),
    ...differencesOf(message.contentType, own?.contentType, '(content type)'),
    ...differencesOf(treeOf(message.contentType, message.body), own && treeOfWritten(own)),
  ];
}

/** What differs between two versions' readings of the same input. */
export function differencesBetween(before: MappingRun, after: MappingRun): Difference[] {
  return [
    ...differencesOf(before.result, after.result),
    ...differencesOf(before.unmapped, after.unmapped, '(unmapped)'),
    ...differencesOf(rulesOf(before), rulesOf(after), '(findings)'),
  ];
}

function rulesOf({ findings }: MappingRun): string[] {
  return findings.map(({ rule }) => rule).sort();
}

function treeOfWritten({ contentType, text }: WrittenResult): unknown {
  return treeOf(contentType, new TextEncoder().encode(text));
}

function treeOf(contentType: string, body: Uint8Array): unknown {
  const forms: Readonly<Record<string, MappingFrom>> = {
    'application/xml': 'xml',
    'application/x-www-form-urlencoded': 'form',
    'application/fhir+json': 'fhir/message',
  };
  return readContent(body, contentType, forms[contentType] ?? 'json').value;
}
