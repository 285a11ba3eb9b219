import { createHash } from 'node:crypto';
import type { FhirResource } from 'fhir/r4.js';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { checkStructure } from '../../../../src/core/fhir/structure.ts';
import { type Finding, hasErrors } from '../../../../src/core/finding.ts';
import type { Answer } from '../../../../src/core/message.ts';
import type { Arrival, Intake, RefusalStatus, Verdict } from '../../../../src/ports.ts';
import type { MemoryRecord } from './memory-record.ts';

/** An intake that takes whatever is structurally right, keeps what it was handed, and knows repeats by identity and digest. */
export interface MemoryIntake extends Intake {
  readonly arrivals: Arrival[];
  /** Said about everything that is accepted. */
  warnings: Finding[];
}

interface First {
  readonly digest: string;
  readonly answer: Answer;
}

export function memoryIntake(record: MemoryRecord, now: () => string): MemoryIntake {
  const firsts = new Map<string, First>();
  let made = 0;
  const fake: MemoryIntake = {
    arrivals: [],
    warnings: [],
    async intake(arrival, render) {
      fake.arrivals.push(arrival);
      const digest = createHash('sha256').update(arrival.body).digest('hex');
      const key = `${arrival.partner} ${arrival.identity}`;
      const first = firsts.get(key);
      if (first?.digest === digest) return render({ kind: 'repeat', message: 'first', answer: first.answer });
      if (first !== undefined) return render({ kind: 'conflict', findings: [conflict] });
      const answer = render(await decide(arrival));
      firsts.set(key, { digest, answer });
      return answer;
    },
  };

  const decide = async (arrival: Arrival): Promise<Verdict> => {
    const findings = [...arrival.findings];
    if (arrival.content !== undefined) findings.push(...checkStructure(arrival.content, loadR4Model()));
    if (hasErrors(findings)) return { kind: 'refused', message: 'm', status: statusOf(findings), findings };
    const { ask } = arrival;
    if (ask.kind === 'fhir-update') {
      const stored = await record.resource('Task', ask.id);
      if (stored === undefined) return { kind: 'refused', message: 'm', status: 404, findings: [unknown] };
      if (ask.ifMatch !== String(stored.version))
        return { kind: 'refused', message: 'm', status: 412, findings: [outdated] };
    }
    made += 1;
    const referral = `referral-${made}`;
    record.addReferral(referral, arrival.partner);
    const resources = resourcesIn(arrival.content).map((resource, index) => {
      const id = ask.kind === 'fhir-update' ? ask.id : `made-${made}-${index}`;
      return record.add({ ...resource, id }, { referral, at: now() });
    });
    return { kind: 'accepted', message: 'm', referral, resources, findings: fake.warnings };
  };
  return fake;
}

function statusOf(findings: readonly Finding[]): RefusalStatus {
  return findings.some(({ rule }) => rule.endsWith('/media-type') || rule.endsWith('/encoding')) ? 415 : 400;
}

function resourcesIn(content: unknown): FhirResource[] {
  if (!isResource(content)) return [];
  if (content.resourceType !== 'Bundle') return [content];
  return (content.entry ?? []).flatMap(({ resource }) => (isResource(resource) ? [resource] : []));
}

function isResource(value: unknown): value is FhirResource {
  return typeof value === 'object' && value !== null && 'resourceType' in value;
}

const base = { severity: 'error', place: {}, message: 'No.', remedy: 'Do otherwise.' } as const;
const conflict: Finding = { ...base, rule: 'identity/conflict', issue: 'conflict' };
const unknown: Finding = { ...base, rule: 'task/unknown', issue: 'not-found' };
const outdated: Finding = { ...base, rule: 'task/version', issue: 'conflict' };
