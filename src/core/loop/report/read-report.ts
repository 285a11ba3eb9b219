import type { CodeableConcept, Observation, QuestionnaireResponse } from 'fhir/r4.js';
import { controlCharacters } from '../../fhir/control-characters.ts';
import { isNhsNumberSystem } from '../../fhir/nhs-number.ts';
import type { Finding, IssueType } from '../../finding.ts';
import { LOOP_STATE_SYSTEM, REFERRAL_ID_SYSTEM } from '../../referral.ts';
import type { EventKind } from '../event.ts';
import { NOT_FOR_PATIENT } from '../patient-view.ts';
import { isEventKind, stateRow } from '../states.ts';
import { type ReportTask, reportBundle, reportResult, reportTask, shapeFindings } from './report-shape.ts';
import { reportTime, resultTimes } from './report-time.ts';

export type ResultResource = Observation | QuestionnaireResponse;

/** A result as it came, with the name by which the other results of the report may refer to it. */
export interface ReportedResult {
  readonly fullUrl?: string;
  readonly resource: ResultResource;
}

/** What a platform says, in our words. */
export interface Report {
  /** Our referral id. */
  readonly referral?: string;
  /** The platform's own reference. At least one of the two is there. */
  readonly reference?: string;
  /** The NHS number that the report gives; it is held against the referral's patient. */
  readonly patient?: string;
  readonly kind: EventKind;
  /** UTC instant, and the offset as written. */
  readonly at: string;
  readonly offset?: string;
  readonly actor?: string;
  readonly reason?: CodeableConcept;
  readonly note?: string;
  /** The patient should not see it by themselves (NOPAT in Task.meta.security). */
  readonly restricted?: true;
  readonly results: readonly ReportedResult[];
}

interface ReportGiven {
  readonly receivedAt: string;
  /** The partner who reports: names the system of its own references. */
  readonly partner: string;
}

/** The identifier system of a platform's own references. */
function referenceSystem(partner: string): string {
  return `urn:hearback:reference:${partner}`;
}

/**
 * Reads a report Bundle (ARCHITECTURE.md › The canonical model): a collection with exactly one Task that says what
 * happened, and the Observations and QuestionnaireResponses that came with it. It is the result of a mapping, so a fault
 * in it is usually the mapping's. All findings at once; no report when one of them is an error.
 */
export function readReport(bundle: unknown, given: ReportGiven): { report?: Report; findings: Finding[] } {
  const shape = reportBundle.safeParse(bundle);
  if (!shape.success) return { findings: shapeFindings(shape.error, 'Bundle') };
  const read: Read = { findings: [], results: [], tasks: [], receivedAt: given.receivedAt };
  for (const [index, entry] of (shape.data.entry ?? []).entries()) {
    readEntry(entry, `Bundle.entry[${index}]`, read);
  }
  const [task] = read.tasks;
  if (task === undefined || read.tasks.length > 1) {
    read.findings.push(fault('report/one-task', 'Bundle.entry', ONE_TASK, 'structure'));
    return { findings: read.findings };
  }
  const said = readTask(task, given, read.findings);
  if (said === undefined || read.findings.some((finding) => finding.severity === 'error'))
    return { findings: read.findings };
  return { report: { ...said, results: read.results }, findings: read.findings };
}

interface TaskEntry {
  readonly at: string;
  /** Undefined when it does not have the shape; then that has been said. */
  readonly task: ReportTask | undefined;
}

interface Read {
  readonly receivedAt: string;
  readonly findings: Finding[];
  readonly results: ReportedResult[];
  readonly tasks: TaskEntry[];
}

function readEntry(
  entry: { fullUrl?: string | undefined; resource: { resourceType: string } },
  place: string,
  read: Read,
): void {
  const { fullUrl, resource } = entry;
  const at = `${place}.resource`;
  // What is not taken may hold what it likes. What is taken is stored and sent on, where others would refuse or cut it.
  if (resource.resourceType === 'Task' || RESULTS.has(resource.resourceType))
    read.findings.push(...controlCharacters({ ...(fullUrl && { fullUrl }), resource }, place));
  if (resource.resourceType === 'Task') {
    const shape = reportTask.safeParse(resource);
    if (!shape.success) read.findings.push(...shapeFindings(shape.error, at));
    read.tasks.push({ at, task: shape.data });
  } else if (RESULTS.has(resource.resourceType)) {
    const shape = reportResult.safeParse(resource);
    if (!shape.success) read.findings.push(...shapeFindings(shape.error, at));
    else if (isResult(resource)) {
      read.results.push({ ...(fullUrl && { fullUrl }), resource });
      read.findings.push(...resultTimes(resource, read.receivedAt, at));
    }
  } else {
    // Least data, and no way to change a Patient from outside.
    read.findings.push(mild(fault('report/unexpected-resource', at, UNEXPECTED, 'not-supported')));
  }
}

const RESULTS: ReadonlySet<string> = new Set(['Observation', 'QuestionnaireResponse']);

function isResult(resource: { resourceType: string }): resource is ResultResource {
  return RESULTS.has(resource.resourceType);
}

function readTask(
  { task, at }: TaskEntry,
  given: ReportGiven,
  findings: Finding[],
): Omit<Report, 'results'> | undefined {
  if (task === undefined) return undefined;
  const names = namesOf(task, given.partner);
  if (names.referral === undefined && names.reference === undefined) {
    findings.push(fault('report/unnamed', `${at}.identifier`, UNNAMED, 'required'));
  }
  const kind = kindOf(task, `${at}.businessStatus`, findings);
  const time = reportTime(task.lastModified, given.receivedAt, `${at}.lastModified`);
  findings.push(...time.findings);
  if (kind === undefined) return undefined;
  if (stateRow(kind).needsReason && task.statusReason === undefined) {
    findings.push(mild(fault('report/no-reason', `${at}.statusReason`, NO_REASON, 'business-rule')));
  }
  const about = numberOf(task);
  const actor = task.owner?.display;
  const note = task.note?.map((annotation) => annotation.text).join('\n');
  return {
    ...names,
    kind,
    at: time.at,
    ...(time.offset && { offset: time.offset }),
    ...(about && { patient: about }),
    ...(actor && { actor }),
    ...(task.statusReason && { reason: task.statusReason }),
    ...(note && { note }),
    ...(task.meta?.security?.some(({ code }) => code === NOT_FOR_PATIENT.code) && { restricted: true }),
  };
}

/** The NHS number that a report gives, also where the rest of it cannot be read. */
export function patientOfReport(content: unknown): string | undefined {
  const bundle = reportBundle.safeParse(content);
  for (const { resource } of bundle.success ? (bundle.data.entry ?? []) : []) {
    const task = reportTask.safeParse(resource);
    if (task.success) return numberOf(task.data);
  }
  return undefined;
}

function numberOf({ for: patient }: ReportTask): string | undefined {
  return isNhsNumberSystem(patient?.identifier?.system) ? patient?.identifier?.value : undefined;
}

function namesOf(task: ReportTask, partner: string): Pick<Report, 'referral' | 'reference'> {
  const under = (system: string) => task.identifier?.find((identifier) => identifier.system === system)?.value;
  const referral = under(REFERRAL_ID_SYSTEM);
  const reference = under(referenceSystem(partner));
  return { ...(referral && { referral }), ...(reference && { reference }) };
}

function kindOf(task: ReportTask, expression: string, findings: Finding[]): EventKind | undefined {
  const word = task.businessStatus?.coding?.find((coding) => coding.system === LOOP_STATE_SYSTEM)?.code;
  if (word === undefined) findings.push(fault('report/no-word', expression, NO_WORD, 'required'));
  else if (!isEventKind(word)) findings.push(fault('report/unknown-word', expression, UNKNOWN_WORD, 'code-invalid'));
  else if (!stateRow(word).saidBy.includes('platform'))
    findings.push(fault('report/not-yours', expression, NOT_YOURS, 'forbidden'));
  else return word;
  return undefined;
}

type Words = readonly [message: string, remedy: string];

const ONE_TASK: Words = [
  'A report needs exactly one Task that says what happened.',
  'Make the mapping give one Task per report.',
];
const UNEXPECTED: Words = [
  'A report carries a Task, Observations and QuestionnaireResponses; this one is not taken.',
  'Leave it out of the mapping.',
];
const UNNAMED: Words = [
  'The report does not say which referral it speaks of.',
  "Map the referral id or the platform's own reference into Task.identifier.",
];
const NO_WORD: Words = [
  'The report does not say what happened.',
  `Map the platform's status to a code in ${LOOP_STATE_SYSTEM}.`,
];
const UNKNOWN_WORD: Words = [
  'This is not one of the words that a report can say.',
  'Use a word of the table of states.',
];
const NOT_YOURS: Words = [
  'This word is not for a platform to say.',
  'Map it to what the platform itself did; asking, withdrawing and silence are said by others.',
];
const NO_REASON: Words = [
  'This should be said with a reason, and none is given.',
  'Map the reason into Task.statusReason.',
];

function fault(rule: string, expression: string, [message, remedy]: Words, issue: IssueType): Finding {
  return { severity: 'error', rule, place: { expression }, message, remedy, issue };
}

function mild(finding: Finding): Finding {
  return { ...finding, severity: 'warning' };
}
