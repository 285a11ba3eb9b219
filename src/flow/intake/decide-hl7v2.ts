import { asTransaction, isDossier } from '../../core/fhir/as-transaction.ts';
import { type ChangeEvent, namesOfChange, readReferralChange } from '../../core/fhir/read-referral-change.ts';
import { checkStructure } from '../../core/fhir/structure.ts';
import { type Finding, hasErrors } from '../../core/finding.ts';
import type { MappingRun } from '../../core/mapping/compile.ts';
import { type Dossier, ofType } from '../../core/referral.ts';
import type { Arrival, Ask } from '../../ports.ts';
import type { RoadParts } from '../road-parts.ts';
import { shownCode } from '../translation/shown-code.ts';
import { decidePatientNews } from './decide-patient-news.ts';
import { decideReferral } from './decide-referral.ts';
import { decideReport } from './decide-report.ts';
import { decideTaskUpdate } from './decide-task-update.ts';
import type { Decision, Moment } from './decision.ts';
import { ambiguousReferral, referralsNamed, unknownReferral } from './referral-names.ts';

type Hl7Ask = Extract<Ask, { kind: 'hl7v2-message' }>;

/** What is about a patient and no referral (HL7 v2.5.1, 3.3.28, 3.3.31, 3.3.40). */
const OF_PATIENTS: ReadonlySet<string> = new Set(['ADT^A28', 'ADT^A31', 'ADT^A40']);

/** What a GP system's later messages say by their event alone (HL7 v2.5.1, 11.3). Any other event begins a referral. */
const CHANGES: ReadonlyMap<string, ChangeEvent> = new Map([
  ['REF^I13', 'modified'],
  ['REF^I14', 'cancelled'],
]);

/**
 * An HL7 v2 message at the door. A mapping makes of it what the same sender could have said in FHIR, and that is decided
 * exactly so: a referral by the referral's rules, a change or cancellation as a PUT of its Task, a platform's report as a
 * report. What it says of a patient alone has no counterpart there. What a mapping cannot make is refused at once, because its sender still waits for the answer.
 */
export async function decideHl7v2(arrival: Arrival, ask: Hl7Ask, moment: Moment, parts: RoadParts): Promise<Decision> {
  if (parts.partners.get(arrival.partner)?.kind === 'vcse-platform') {
    return decideReport(arrival, ask.mapping, moment, parts);
  }
  const mapping = parts.reportMappings.get(ask.mapping);
  if (mapping === undefined) throw new Error(`no mapping "${ask.mapping}": the configuration check let it through`);
  const run = mapping.run(arrival.content, {
    receivedAt: moment.now,
    partner: arrival.partner,
    message: moment.message,
  });
  const findings = [...arrival.findings, ...run.findings, ...unmappedFindings(run)];
  if (hasErrors(findings)) return { kind: 'refused', status: 422, findings };
  if (OF_PATIENTS.has(ask.event)) {
    return decidePatientNews({ ...arrival, findings, content: run.result }, moment, parts);
  }
  const change = CHANGES.get(ask.event);
  const made: Arrival = { ...arrival, findings, content: asTransaction(run.result) };
  if (change === undefined) {
    return decideReferral({ ...made, ask: { kind: 'fhir-transaction' } }, moment, parts);
  }
  const told = made.content;
  const structure = checkStructure(told, parts.r4);
  if (hasErrors(structure)) return refuse(422, made, structure);
  return isDossier(told)
    ? decideChange({ arrival: made, told, change }, moment, parts)
    : refuse(422, made, [noDossier()]);
}

interface Change {
  readonly arrival: Arrival;
  readonly told: Dossier;
  readonly change: ChangeEvent;
}

async function decideChange({ arrival, told, change }: Change, moment: Moment, parts: RoadParts): Promise<Decision> {
  const [known, other] = await referralsNamed(arrival.partner, namesOfChange(told), parts);
  if (known === undefined)
    return refuse(404, arrival, [
      unknownReferral('Send the identifiers of the message that began the referral (REF^I12).'),
    ]);
  if (other !== undefined) return refuse(422, arrival, [ambiguousReferral('Send the identifiers of one referral.')]);
  const snapshot = await parts.store.snapshot(known.referral);
  const stored = snapshot && ofType(snapshot.dossier, 'Task').find(({ id }) => id === snapshot.referral.parentTask);
  if (snapshot === undefined || stored === undefined)
    throw new Error('a referral without its Task: the record is damaged');
  const { sent, findings } = readReferralChange(told, { dossier: snapshot.dossier, stored }, change);
  if (hasErrors(findings)) return refuse(422, arrival, findings);
  const ask = { kind: 'fhir-update', type: 'Task', id: snapshot.referral.parentTask } as const;
  return decideTaskUpdate({ ...arrival, content: sent, ask }, ask, moment, parts);
}

function refuse(status: 404 | 422, { findings }: Arrival, more: readonly Finding[]): Decision {
  return { kind: 'refused', status, findings: [...findings, ...more] };
}

/** A code that the mapping's tables do not know. Nobody guesses, and the sender is the one who knows what was meant. */
function unmappedFindings({ unmapped }: MappingRun): Finding[] {
  return unmapped.map(({ map, system, code, element }) => ({
    severity: 'error',
    rule: 'mapping/unmapped-code',
    place: { expression: element },
    message: `The concept map "${map}" does not know ${shownCode(system, code)} of ${system}.`,
    remedy: 'Send a code that is agreed; or have it added to the map, and send the message again under a new MSH-10.',
    issue: 'code-invalid',
  }));
}

function noDossier(): Finding {
  return {
    severity: 'error',
    rule: 'mapping/no-dossier',
    place: {},
    message: 'The mapping made no referral of this message.',
    remedy: 'Compare the mapping with what the sender sends, then have the message sent again under a new MSH-10.',
    // The refusal is on record, so the same bytes are answered the same for ever: never "exception", which asks for them again.
    issue: 'processing',
  };
}
