import type { Finding } from '../core/finding.ts';
import type { Log } from '../ports.ts';
import { findingSpot } from './print-findings.ts';

/** Tells the operational log what the configuration is warned of: whoever reads an engine's stderr reads it line by line, as JSON. */
export function warningsTo(log: Log): (finding: Finding) => void {
  return (finding) => {
    const { rule, message, remedy } = finding;
    // Not as `message`, which in this log is a message's id.
    log.warn('configuration.warning', { rule, place: findingSpot(finding), what: message, remedy });
  };
}
