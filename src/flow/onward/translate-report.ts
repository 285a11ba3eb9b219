import type { Finding } from '../../core/finding.ts';
import { patientOfReport, type Report, readReport } from '../../core/loop/report/read-report.ts';
import type { CompiledMapping } from '../../core/mapping/compile.ts';
import type { Hold, MappingStamp, Message, Work } from '../../core/message.ts';
import { judgeResults } from '../../core/outcomes/judge-results.ts';
import { type UrgentAnswer, urgentAnswers } from '../../core/outcomes/urgent.ts';
import { chooseInContent } from '../../core/terminology/choose-in-content.ts';
import type { RoadParts } from '../road-parts.ts';
import { codeHolds } from '../translation/code-hold.ts';
import { stampOf } from '../translation/mapping-stamp.ts';
import { messageContent } from '../translation/message-content.ts';
import { failedHold, unmappedHolds } from '../translation/translate-leg.ts';

type Translated =
  | ({ readonly kind: 'report' } & Read)
  | {
      readonly kind: 'holds';
      readonly holds: Hold[];
      readonly key: string | undefined;
      readonly mapping: MappingStamp;
      readonly urgent: readonly UrgentAnswer[];
      /** The NHS number that it gives. */
      readonly patient: string | undefined;
    };

export interface Read {
  readonly report: Report;
  /** What is worth knowing of the report and does not keep it from being taken. */
  readonly findings: readonly Finding[];
  /** What read it. */
  readonly mapping: MappingStamp;
  /** What cannot wait, whatever becomes of the rest. */
  readonly urgent: readonly UrgentAnswer[];
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
  const held = (holds: Hold[], urgent: readonly UrgentAnswer[] = [], patient?: string): Translated => ({
    kind: 'holds',
    holds,
    key: mapping.orderOf(content),
    mapping: stamp,
    urgent,
    patient,
  });
  const misread = failedHold(unreadable, { ...order, mapping }, parts);
  if (misread.length > 0) return held(misread);
  const run = mapping.run(content, { receivedAt: message.at, partner: message.partner, message: message.id });
  const urgent = urgentAnswers(run.result, parts.instruments);
  const patient = patientOfReport(run.result);
  const unmapped = unmappedHolds(run.unmapped, order, parts);
  if (unmapped.length > 0) return held(unmapped, urgent, patient);
  const chosen = chooseInContent(run.result, { terminology: parts.terminology, partner: message.partner });
  const damaged = codeHolds('report', chosen.open, order, parts);
  if (damaged.length > 0) return held(damaged, urgent, patient);
  const { report, findings } = readReport(chosen.content, { receivedAt: message.at, partner: message.partner });
  const { results, findings: judged } = judgeResults(report?.results ?? [], parts.instruments);
  const failed = failedHold([...run.findings, ...findings, ...judged], { ...order, mapping }, parts);
  if (report === undefined || failed.length > 0) return held(failed, urgent, patient);
  return { kind: 'report', report: { ...report, results }, findings: [...findings, ...judged], mapping: stamp, urgent };
}
