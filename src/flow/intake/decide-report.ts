import { createHash } from 'node:crypto';
import type { Finding } from '../../core/finding.ts';
import type { CompiledMapping } from '../../core/mapping/compile.ts';
import type { NewWork } from '../../core/message.ts';
import { urgentAnswers } from '../../core/outcomes/urgent.ts';
import { numberCodes } from '../../core/terminology/codes-in-json.ts';
import type { Arrival } from '../../ports.ts';
import { namedByKey } from '../onward/report-names.ts';
import type { RoadParts } from '../road-parts.ts';
import type { Decision, Moment } from './decision.ts';

/**
 * A platform's report at the door: it must say which referral it speaks of, because that is the lane it waits in.
 * Everything else is decided in order, behind the door. A referral that is known has one lane, by whichever reference it is
 * named.
 */
export async function decideReport(
  arrival: Arrival,
  name: string,
  moment: Moment,
  parts: RoadParts,
): Promise<Decision> {
  const mapping = parts.reportMappings.get(name);
  if (mapping === undefined) throw new Error(`no report mapping "${name}": the configuration check let it through`);
  // The tree of an HL7 v2 message holds texts only, and each segment in several places: looking would cost more than all the rest.
  const numbers = arrival.ask.kind === 'hl7v2-message' ? [] : numberCodes(arrival.content);
  if (numbers.length > 0) return { kind: 'refused', status: 422, findings: [...arrival.findings, ...numbers] };
  const key = mapping.orderOf(arrival.content);
  if (key === undefined) return { kind: 'refused', status: 422, findings: [noReference(mapping.order)] };
  const known = await namedByKey(arrival.partner, key, parts.store);
  return {
    kind: 'accepted',
    resources: [],
    findings: arrival.findings,
    changes: {
      work: [
        { kind: 'onward', lane: `in/${arrival.partner}/${known ?? laneKey(key)}`, subject: moment.message },
        ...urgentWork(arrival, mapping, moment, parts),
      ],
      journal: [],
    },
  };
}

/** The report may wait behind one that is held. What cannot wait is told in a lane of its own. */
function urgentWork(
  { content, partner }: Arrival,
  mapping: CompiledMapping,
  { message, now }: Moment,
  { instruments }: RoadParts,
): NewWork[] {
  const { result } = mapping.run(content, { receivedAt: now, partner, message });
  return urgentAnswers(result, instruments).length === 0
    ? []
    : [{ kind: 'urgent', lane: `urgent/${message}`, subject: message }];
}

const OURS = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Lanes stand in logs. What a platform calls a referral by may be anything, a name as well; an id of ours is itself. */
function laneKey(reference: string): string {
  return OURS.test(reference) ? reference : createHash('sha256').update(reference).digest('hex').slice(0, 32);
}

function noReference(expression: string | undefined): Finding {
  return {
    severity: 'error',
    rule: 'report/no-reference',
    place: { ...(expression !== undefined && { expression }) },
    message: 'The report does not say which referral it speaks of.',
    remedy: 'Send back the reference that came with the referral, or the one you answered it with.',
    issue: 'required',
  };
}
