import { randomUUID } from 'node:crypto';
import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4.js';
import type { Refusal } from '../gp-emis-style/refusal.ts';

/** The message with which a practice says that a write-back was filed, or was not. `of` is the message-id of the write-back. */
export function acknowledgementOf(of: string, refusal?: Pick<Refusal, 'code'>): Bundle<FhirResource> {
  const details = `urn:uuid:${randomUUID()}`;
  const header: FhirResource = {
    resourceType: 'MessageHeader',
    eventUri: 'urn:hearback:write-back',
    source: { endpoint: 'urn:simulated-practice' },
    response: {
      identifier: of,
      code: refusal === undefined ? 'ok' : 'fatal-error',
      ...(refusal !== undefined && { details: { reference: details } }),
    },
  };
  const outcome: BundleEntry<FhirResource>[] =
    refusal === undefined
      ? []
      : [
          {
            fullUrl: details,
            resource: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: refusal.code }] },
          },
        ];
  return {
    resourceType: 'Bundle',
    type: 'message',
    timestamp: new Date().toISOString(),
    entry: [{ fullUrl: `urn:uuid:${randomUUID()}`, resource: header }, ...outcome],
  };
}
