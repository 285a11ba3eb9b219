import { createHash } from 'node:crypto';
import type { Finding } from '../core/finding.ts';
import { WORD_HELD } from '../core/loop/word-hold.ts';
import type { CompiledMapping } from '../core/mapping/compile.ts';
import type { Hold, Leg, Message, Purpose } from '../core/message.ts';
import type { Dossier } from '../core/referral.ts';
import { legBody } from './leg-body.ts';
import type { RoadPartner, RoadParts } from './road-parts.ts';
import { codeKey, shownCode } from './shown-code.ts';

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
}

/** A leg ready to be queued with its exact bytes, or the holds that keep it from being made. */
export type LegMade =
  | { readonly kind: 'leg'; readonly leg: Leg; readonly message: Message }
  | { readonly kind: 'holds'; readonly holds: readonly Hold[] }
  /** The partner has no mapping for this purpose: it is not told, by configuration. */
  | { readonly kind: 'not-told' };

type Given = Pick<RoadParts, 'ids'>;

/** Translates the dossier for one platform. The mapping is the allow-list: nothing but its result is sent. */
export function translateLeg(order: LegOrder, given: Given): LegMade {
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
  const stamp = { name: mapping.name, version: mapping.version, digest: mapping.digest };
  return makeLeg(order, (leg) => ({ ...legBody(mapping, run.result, leg), mapping: stamp }), given);
}

/** Queues the bytes that `write` makes for the leg of this id. */
export function makeLeg(
  order: Omit<LegOrder, 'dossier'>,
  write: (leg: string) => { body: Uint8Array; contentType: string; mapping?: Leg['mapping'] },
  given: Given,
): LegMade {
  const channel = order.partner.outward?.channel;
  if (channel === undefined) return { kind: 'not-told' };
  const id = given.ids.next();
  const content = write(id);
  const message: Message = {
    id: given.ids.next(),
    direction: 'out',
    partner: order.partner.id,
    channel,
    identity: id,
    digest: createHash('sha256').update(content.body).digest('hex'),
    at: order.now,
    contentType: content.contentType,
    headers: {},
    body: content.body,
    verdict: 'sent',
    findings: [],
    referral: order.referral,
  };
  const leg: Leg = {
    id,
    referral: order.referral,
    task: order.task,
    partner: order.partner.id,
    channel,
    purpose: order.purpose,
    ...(order.cause !== undefined && { cause: order.cause }),
    message: message.id,
    status: 'queued',
    attempts: 0,
    queuedAt: order.now,
    ...(content.mapping !== undefined && { mapping: content.mapping }),
  };
  return { kind: 'leg', leg, message };
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
    key: `${order.report === undefined ? '' : WORD_HELD}${order.partner.id}|${code.map}|${code.system}|${codeKey(code.system, code.code)}`,
    partner: order.partner.id,
    ...(order.referral !== undefined && { referral: order.referral }),
    openedAt: order.now,
    findings: [
      {
        severity: 'error',
        rule: 'mapping/unmapped-code',
        place: { expression: code.element },
        message: `The concept map "${code.map}" does not know ${shownCode(code.system, code.code)} of ${code.system}.`,
        remedy: 'Add the code to the concept map, or write it down as unmatched there; then retry the hold.',
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
