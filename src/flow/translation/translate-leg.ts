import { createHash } from 'node:crypto';
import type { Finding } from '../../core/finding.ts';
import { WORD_HELD } from '../../core/loop/promises/word-hold.ts';
import type { CompiledMapping } from '../../core/mapping/compile.ts';
import type { WrittenResult } from '../../core/mapping/result/write-result.ts';
import type { Channel, Hold, Leg, LegPart, MappingStamp, Message, Purpose } from '../../core/message.ts';
import type { Dossier } from '../../core/referral.ts';
import type { RoadPartner, RoadParts } from '../road-parts.ts';
import { codeHoldKey } from './code-hold.ts';
import { stampOf } from './mapping-stamp.ts';
import { shownCode } from './shown-code.ts';
import { writeForLeg } from './write-for-leg.ts';

/** What one leg is made of. */
export interface LegOrder {
  readonly referral: string;
  readonly task: string;
  readonly partner: RoadPartner;
  readonly purpose: Purpose;
  readonly dossier: Dossier;
  /** The inbound message that caused it. */
  readonly cause?: string;
  readonly now: string;
  /** Of a write-back: the events that it tells. */
  readonly tells?: readonly string[];
  readonly urgent?: true;
}

/** One delivery, ready to be queued with its exact bytes. */
export interface ReadyLeg {
  readonly leg: Leg;
  readonly message: Message;
}

/** Legs ready to be queued in this order, or the holds that keep them from being made. */
export type LegMade =
  | { readonly kind: 'legs'; readonly legs: readonly ReadyLeg[] }
  | { readonly kind: 'holds'; readonly holds: readonly Hold[] }
  /** The partner has no mapping for this purpose: it is not told, by configuration. */
  | { readonly kind: 'not-told' };

type Given = Pick<RoadParts, 'ids'>;
type Making = Given & Pick<RoadParts, 'makePdf'>;

/** Translates the dossier for one platform. The mapping is the allow-list: nothing but its result is sent. */
export function translateLeg(order: LegOrder, given: Making): LegMade {
  const mapping = order.partner.outward?.mappings.get(order.purpose);
  if (mapping === undefined) return { kind: 'not-told' };
  const run = mapping.run(order.dossier, {
    referral: order.referral,
    task: order.task,
    now: order.now,
    partner: order.partner.id,
    message: order.cause ?? order.task,
  });
  const holds = [
    ...unmappedHolds(run.unmapped, order, given),
    ...failedHold(run.findings, { ...order, mapping }, given),
  ];
  if (holds.length > 0) return { kind: 'holds', holds };
  const first = given.ids.next();
  const written =
    run.result === undefined ? [] : writeForLeg(mapping, run.result, { leg: first, makePdf: given.makePdf });
  if (written.length === 0)
    return { kind: 'holds', holds: failedHold([emptyResult(mapping)], { ...order, mapping }, given) };
  return makeLegs(order, { written, first, mapping: stampOf(mapping) }, given);
}

/** Nothing would be sent, and the referral would count as sent. */
function emptyResult({ name }: CompiledMapping): Finding {
  return {
    severity: 'error',
    rule: 'mapping/empty-result',
    place: { file: `${name}.map.yaml` },
    message: 'The mapping made nothing of this referral: there is no message to send.',
    remedy: 'Have the mapping make a result for every referral, or leave it out for this purpose at the outlet.',
    issue: 'required',
  };
}

/**
 * Queues what is already in the partner's language: one message, or the messages of a list as one set. `first` is the id of
 * the first leg, where the message had to know it.
 */
export function makeLegs(
  order: Omit<LegOrder, 'dossier'>,
  content: { readonly written: readonly WrittenResult[]; readonly first?: string; readonly mapping?: MappingStamp },
  given: Given,
): LegMade {
  const channel = order.partner.outward?.channel;
  if (channel === undefined) return { kind: 'not-told' };
  const ids = content.written.map((_, index) => (index === 0 && content.first) || given.ids.next());
  const [set = ''] = ids;
  const legs = content.written.map((written, index) => {
    const id = ids[index] ?? set;
    const message = messageOf({ ...order, channel, id }, written, given);
    const part = written.key === undefined ? undefined : { set, number: index + 1, of: ids.length, key: written.key };
    return { leg: legOf({ ...order, channel, id }, { message, part, mapping: content.mapping }), message };
  });
  return { kind: 'legs', legs };
}

interface Addressed extends Omit<LegOrder, 'dossier'> {
  readonly channel: Channel;
  /** The leg's. */
  readonly id: string;
}

function messageOf(order: Addressed, { contentType, text }: WrittenResult, given: Given): Message {
  const body = new TextEncoder().encode(text);
  return {
    id: given.ids.next(),
    direction: 'out',
    partner: order.partner.id,
    channel: order.channel,
    identity: order.id,
    digest: createHash('sha256').update(body).digest('hex'),
    at: order.now,
    contentType,
    headers: {},
    body,
    verdict: 'sent',
    findings: [],
    referral: order.referral,
  };
}

function legOf(
  order: Addressed,
  made: { message: Message; part: LegPart | undefined; mapping: MappingStamp | undefined },
): Leg {
  return {
    id: order.id,
    referral: order.referral,
    task: order.task,
    partner: order.partner.id,
    channel: order.channel,
    purpose: order.purpose,
    ...(order.cause !== undefined && { cause: order.cause }),
    message: made.message.id,
    status: 'queued',
    attempts: 0,
    queuedAt: order.now,
    ...(made.mapping !== undefined && { mapping: made.mapping }),
    ...(made.part !== undefined && { part: made.part }),
    ...(order.tells !== undefined && { tells: order.tells }),
    ...(order.urgent && { urgent: true as const }),
  };
}

type Unmapped = ReturnType<CompiledMapping['run']>['unmapped'];
interface HoldOrder {
  readonly referral?: string;
  readonly partner: { readonly id: string };
  readonly now: string;
  /** Id of the report that could not be read; absent for what is sent. */
  readonly report?: string;
}

/** One hold per partner, system and code, however many messages wait on it: one question to a person. */
export function unmappedHolds(unmapped: Unmapped, order: HoldOrder, given: Given): Hold[] {
  return unmapped.map((code) => ({
    id: given.ids.next(),
    kind: 'unmapped-code',
    key: codeHoldKey(order.report === undefined ? 'leg' : 'report', order.partner.id, code),
    partner: order.partner.id,
    ...(order.referral !== undefined && { referral: order.referral }),
    openedAt: order.now,
    findings: [
      {
        severity: 'error',
        rule: 'mapping/unmapped-code',
        place: { expression: code.element },
        message: `The concept map "${code.map}" does not know ${shownCode(code.system, code.code)} of ${code.system}.`,
        remedy:
          'hearback holds resolve with --map-to or --no-match writes the answer down; or add the code to the concept map and retry the hold.',
        issue: 'code-invalid',
      },
    ],
  }));
}

/** What a mapping could not do for another reason than a code: one hold a referral, or a report. */
export function failedHold(
  findings: readonly Finding[],
  order: HoldOrder & { readonly mapping: { readonly name: string } },
  given: Given,
): Hold[] {
  const errors = findings.filter((finding) => finding.severity === 'error');
  if (errors.length === 0) return [];
  const rules = [...new Set(errors.map((finding) => `${finding.rule}@${finding.place.expression ?? ''}`))].sort();
  return [
    {
      id: given.ids.next(),
      kind: 'failed-check',
      key: `${keyOf(order)}|${order.mapping.name}|${rules.join(',')}`,
      partner: order.partner.id,
      ...(order.referral !== undefined && { referral: order.referral }),
      findings,
      openedAt: order.now,
    },
  ];
}

function keyOf({ partner, referral = '', report }: HoldOrder): string {
  return report === undefined ? `${partner.id}|${referral}` : `${WORD_HELD}${partner.id}|${report}`;
}
