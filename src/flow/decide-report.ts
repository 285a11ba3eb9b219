import type { Finding } from '../core/finding.ts';
import type { Arrival } from '../ports.ts';
import type { Decision, Moment } from './decision.ts';
import type { RoadParts } from './road-parts.ts';

/**
 * A platform's report at the door: it must say which referral it speaks of, because that is the lane it waits in.
 * Everything else is decided in order, behind the door.
 */
export function decideReport(arrival: Arrival, name: string, moment: Moment, parts: RoadParts): Decision {
  const mapping = parts.reportMappings.get(name);
  if (mapping === undefined) throw new Error(`no report mapping "${name}": the configuration check let it through`);
  const key = mapping.orderOf(arrival.content);
  if (key === undefined) return { kind: 'refused', status: 422, findings: [noReference(mapping.order)] };
  return {
    kind: 'accepted',
    resources: [],
    findings: arrival.findings,
    changes: {
      work: [{ kind: 'onward', lane: `in/${arrival.partner}/${key}`, subject: moment.message }],
      journal: [],
    },
  };
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
