import type { Finding } from '../core/finding.ts';
import { type Report, readReport } from '../core/loop/read-report.ts';
import type { CompiledMapping } from '../core/mapping/compile.ts';
import type { Hold, MappingStamp, Message, Work } from '../core/message.ts';
import { chooseInContent } from '../core/terminology/choose-in-content.ts';
import { codeHolds } from './code-hold.ts';
import { stampOf } from './mapping-stamp.ts';
import { messageContent } from './message-content.ts';
import type { RoadParts } from './road-parts.ts';
import { failedHold, unmappedHolds } from './translate-leg.ts';

type Translated =
  | ({ readonly kind: 'report' } & Read)
  | {
      readonly kind: 'holds';
      readonly holds: Hold[];
      readonly key: string | undefined;
      readonly mapping: MappingStamp;
    };

export interface Read {
  readonly report: Report;
  /** What is worth knowing of the report and does not keep it from being taken. */
  readonly findings: readonly Finding[];
  /** What read it. */
  readonly mapping: MappingStamp;
}

/** The mapping in use, or the version that somebody chose when the message was replayed. */
export async function mappingFor(work: Work, message: Message, parts: RoadParts): Promise<CompiledMapping> {
  const mapping =
    work.mapping === undefined
      ? parts.reportMappings.get(parts.reportMappingOf(message) ?? '')
      : await parts.keptMapping(work.mapping);
  if (mapping === undefined) throw new Error(`no report mapping for "${message.partner}"`);
  return mapping;
}

/** Reads a report with a mapping: what it says, or the questions that keep it from being read. */
export function translateReport(
  message: Message,
  { mapping, now }: { readonly mapping: CompiledMapping; readonly now: string },
  parts: RoadParts,
): Translated {
  const stamp = stampOf(mapping);
  const order = { partner: { id: message.partner }, now, report: message.id };
  const { value: content, findings: unreadable } = messageContent(message, mapping.from);
  const held = (holds: Hold[]): Translated => ({
    kind: 'holds',
    holds,
    key: mapping.orderOf(content),
    mapping: stamp,
  });
  const misread = failedHold(unreadable, { ...order, mapping }, parts);
  if (misread.length > 0) return held(misread);
  const run = mapping.run(content, { receivedAt: message.at, partner: message.partner, message: message.id });
  const unmapped = unmappedHolds(run.unmapped, order, parts);
  if (unmapped.length > 0) return held(unmapped);
  const chosen = chooseInContent(run.result, { terminology: parts.terminology, partner: message.partner });
  const damaged = codeHolds('report', chosen.open, order, parts);
  if (damaged.length > 0) return held(damaged);
  const { report, findings } = readReport(chosen.content, { receivedAt: message.at, partner: message.partner });
  const failed = failedHold([...run.findings, ...findings], { ...order, mapping }, parts);
  if (report === undefined || failed.length > 0) return held(failed);
  return { kind: 'report', report, findings, mapping: stamp };
}
