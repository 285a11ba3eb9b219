import { describe, expect, it } from '@jest/globals';
import { readMessage } from '../../../src/core/hl7v2/read.ts';
import { messageTree } from '../../../src/core/hl7v2/tree.ts';
import type { MappingFrom } from '../../../src/core/mapping/direction.ts';
import { writeXml } from '../../../src/core/mapping/result/xml-tree.ts';
import type { Message } from '../../../src/core/message.ts';
import { NO_INSTRUMENTS } from '../../../src/core/outcomes/instrument-set.ts';
import { SNOMED_SYSTEM } from '../../../src/core/referral.ts';
import { zeroed } from '../../../src/core/terminology/spreadsheet-damage.ts';
import { judgeCodes } from '../../../src/flow/intake/judge-codes.ts';
import { translateReport } from '../../../src/flow/onward/translate-report.ts';
import type { RoadParts } from '../../../src/flow/road-parts.ts';
import type { Arrival } from '../../../src/ports.ts';
import { shippedTerminology } from '../../fixtures/terminology/shipped.ts';
import { compiled } from '../core/mapping/small-mapping.ts';

const terminology = shippedTerminology();
/** Every identifier of the starter set that a spreadsheet changes, with what it becomes. */
const damaged = terminology.codes.concepts.flatMap((code) => {
  const harmed = zeroed(code);
  return code.length > 15 && harmed !== code ? [[code, harmed] as const] : [];
});
/** What the doors need of the road; nothing else of it is reached. */
const parts = { terminology, instruments: NO_INSTRUMENTS, ids: { next: () => 'hold-1' } } as unknown as RoadParts;

const encode = (text: string) => new TextEncoder().encode(text);

/** A dossier as a GP system sends it, with a code for the service and one for the need. */
const referral = (service: string, need: string) => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    {
      resource: {
        resourceType: 'ServiceRequest',
        code: { coding: [{ system: SNOMED_SYSTEM, code: service }] },
        reasonCode: [{ coding: [{ system: SNOMED_SYSTEM, code: need }] }],
      },
    },
  ],
});

const hl7 = (code: string) =>
  encode(
    `MSH|^~\\&|A|B|C|D|20261121090000||ORU^R01^ORU_R01|1|P|2.5.1\rOBR|1|ref-1||S\rOBX|1|NM|${code}^Score^SCT||7||||||F\r`,
  );

interface Door {
  readonly from: MappingFrom;
  readonly contentType: string;
  /** Where the code stands, for the mapping. */
  readonly code: string;
  readonly body: (code: string) => Uint8Array;
}

const DOORS: Readonly<Record<string, Door>> = {
  'JSON by webhook': {
    from: 'json',
    contentType: 'application/json',
    code: 'code',
    body: (code) => encode(JSON.stringify({ id: 'ref-1', code })),
  },
  'a form by webhook': {
    from: 'form',
    contentType: 'application/x-www-form-urlencoded',
    code: 'code',
    body: (code) => encode(`id=ref-1&code=${code}`),
  },
  'XML by webhook': {
    from: 'xml',
    contentType: 'application/xml',
    code: 'report.code',
    body: (code) => encode(writeXml({ report: { id: 'ref-1', code } })),
  },
  'a row of CSV': {
    from: 'csv',
    contentType: 'text/csv',
    code: 'code',
    body: (code) => encode(`id,code\r\nref-1,${code}\r\n`),
  },
  'HL7 v2': { from: 'hl7v2', contentType: 'application/hl7-v2', code: 'OBX.f3.c1', body: hl7 },
};

/** A mapping as small as one can be that carries the code on as SNOMED CT. */
const reader = ({ from, code }: Door) =>
  compiled(`mapping: small
version: 1
from: ${from}
to: fhir/report
order: "{{ 'ref-1' }}"
result:
  resourceType: Bundle
  type: collection
  entry:
    - resource:
        resourceType: Observation
        status: final
        code: { coding: [{ system: "{{ %snomed }}", code: "{{ ${code} }}" }] }
`);

function arrived({ contentType, body }: Door, code: string): Message {
  return {
    id: 'message-1',
    direction: 'in',
    partner: 'platform',
    channel: contentType === 'application/hl7-v2' ? 'mllp' : 'webhook',
    identity: 'identity-1',
    digest: '',
    at: '2026-11-21T09:00:00.000Z',
    contentType,
    headers: {},
    body: body(code),
    verdict: 'accepted',
    findings: [],
  };
}

describe('a code that a spreadsheet damaged', () => {
  it('there are some', () => expect(damaged.length).toBeGreaterThan(10));

  it.each(damaged)('%s, damaged, is held with its proposal when a referral gives it as the need', (code, harmed) => {
    const arrival = { partner: 'gp', content: referral('871731000000106', harmed) } as unknown as Arrival;
    const { findings } = judgeCodes(arrival, parts);
    expect(findings).toMatchObject([{ rule: 'code/damaged', severity: 'warning' }]);
    expect(findings[0]?.message).toContain(code);
  });

  it.each(damaged)('%s, damaged, is refused with its proposal when a referral asks for it', (code, harmed) => {
    const arrival = { partner: 'gp', content: referral(harmed, '267076002') } as unknown as Arrival;
    const { findings, forbids } = judgeCodes(arrival, parts);
    const [finding] = findings.map(forbids);
    expect(finding).toMatchObject({ severity: 'error', rule: 'code/damaged' });
    expect(finding?.message).toContain(code);
  });

  it.each(Object.entries(DOORS))('is held with its proposal when it comes as %s, every one of them', (_name, door) => {
    const mapping = reader(door);
    for (const [code, harmed] of damaged) {
      const given = { mapping, now: '2026-11-21T09:00:00.000Z' };
      const read = translateReport(arrived(door, harmed), given, parts);
      if (read.kind !== 'holds') throw new Error(`${harmed} was let through`);
      const findings = read.holds.flatMap((hold) => hold.findings);
      expect(findings).toMatchObject([{ rule: 'code/damaged' }]);
      expect(findings[0]?.message).toContain(code);
    }
  });

  it('is let through by no door because the door could not read it', () => {
    const { message } = readMessage(hl7('871731000000106'));
    expect(JSON.stringify(message && messageTree(message))).toContain('871731000000106');
  });
});
