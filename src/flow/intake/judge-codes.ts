import type { Finding } from '../../core/finding.ts';
import { chooseInContent } from '../../core/terminology/choose-in-content.ts';
import type { Arrival } from '../../ports.ts';
import type { RoadParts } from '../road-parts.ts';

/** Every coding as the rules have it; `forbids` makes an error of a finding on a damaged code for the requested service. */
export function judgeCodes(arrival: Arrival, { terminology }: Pick<RoadParts, 'terminology'>) {
  const { content, open, findings } = chooseInContent(arrival.content, {
    terminology,
    partner: arrival.partner,
  });
  const services = new Set(open.flatMap(({ use, open: { element } }) => (use === 'service' ? [element] : [])));
  const forbids = (finding: Finding): Finding =>
    services.has(finding.place.expression ?? '') ? { ...finding, severity: 'error' } : finding;
  return { content, findings, forbids };
}
