import type { Finding } from '../../core/finding.ts';
import type { Hold, Leg } from '../../core/message.ts';
import type { SendResult } from '../../ports.ts';
import type { RoadParts } from '../road-parts.ts';
import { failingFinding } from './keeps-failing.ts';

/** The rule of a delivery to whom the configuration knows no way. */
export const NO_OUTLET = 'delivery/no-outlet';

/** The question to a person about a delivery that was refused, may have arrived, or fails again and again. */
export function deliveryHold(leg: Leg, result: SendResult, now: string, parts: Pick<RoadParts, 'ids'>): Hold {
  return {
    id: parts.ids.next(),
    kind: result.kind === 'ambiguous' ? 'ambiguous-delivery' : 'refused-delivery',
    key: `leg|${leg.id}`,
    partner: leg.partner,
    referral: leg.referral,
    findings: findingsFor(leg, result),
    openedAt: now,
  };
}

/** Where nothing was sent the partner has refused nothing: what our own configuration lacks says so alone. */
function findingsFor(leg: Leg, result: SendResult): Finding[] {
  if (result.kind !== 'permanent') return [findingFor(leg, result)];
  const isOurs = result.findings.some(({ rule }) => rule === NO_OUTLET);
  return isOurs ? [...result.findings] : [findingFor(leg, result), ...result.findings];
}

function findingFor(leg: Leg, result: SendResult): Finding {
  const reason = 'reason' in result ? result.reason : '';
  if (result.kind === 'transient') return failingFinding(leg, reason);
  const ambiguous = result.kind === 'ambiguous';
  return {
    severity: 'error',
    rule: ambiguous ? 'delivery/ambiguous' : 'delivery/refused',
    place: {},
    message: ambiguous
      ? `The ${leg.purpose} to "${leg.partner}" may have arrived: no answer came back.`
      : `"${leg.partner}" refused the ${leg.purpose}: ${reason}`,
    remedy: ambiguous
      ? 'Ask the partner whether it has the message, then retry or abandon the hold.'
      : 'Mend the cause at the partner or in the mapping, then retry; or abandon the delivery with a reason.',
  };
}
