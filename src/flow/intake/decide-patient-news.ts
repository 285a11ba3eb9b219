import type { FhirResource, Patient } from 'fhir/r4.js';
import { byName } from '../../core/dossier-index.ts';
import { type AppliedNews, applyPatientNews, evidenceFor } from '../../core/fhir/apply-patient-news.ts';
import { isDossier } from '../../core/fhir/as-transaction.ts';
import { currentKeys, type PatientNews, readPatientNews } from '../../core/fhir/patient-news.ts';
import { indexOf } from '../../core/fhir/search-index.ts';
import { checkStructure } from '../../core/fhir/structure.ts';
import { type Finding, hasErrors } from '../../core/finding.ts';
import type { NewWork } from '../../core/message.ts';
import { type Dossier, ofType } from '../../core/referral.ts';
import type { Arrival } from '../../ports.ts';
import type { Changes, JournalEntry } from '../../ports-changes.ts';
import { dossierWith, nameOf, toStored } from '../dossier-change.ts';
import type { RoadParts } from '../road-parts.ts';
import { childTasks, type Snapshot } from '../snapshot.ts';
import type { Decision, Moment } from './decision.ts';
import { type KnownPatient, patientsNamed } from './patients-named.ts';

/**
 * What a GP system says of a patient (HL7 v2: ADT), and not of a referral: applied to every open loop of that patient of this
 * sender, all of them or none, before it is answered. So whatever the sender says next already meets it. What contradicts what is
 * known of one of them is refused whole: nobody can tell from here which of the two is right.
 */
export async function decidePatientNews(arrival: Arrival, moment: Moment, parts: RoadParts): Promise<Decision> {
  const told = arrival.content;
  const structure = checkStructure(told, parts.r4);
  if (hasErrors(structure) || !isDossier(told)) return refuse(arrival, structure);
  const checkDigit = parts.policy.nhsNumberCheck === 'refuse' ? 'error' : 'warning';
  const { news, findings: ofNews } = readPatientNews(told, { now: moment.now, checkDigit });
  if (hasErrors(ofNews)) return refuse(arrival, ofNews);
  const keys = news.flatMap(({ told, replaced }) => [told.resource, ...replaced].flatMap(currentKeys));
  const found = await patientsNamed(arrival.partner, [...new Set(keys)], parts.store);
  const known = await Promise.all(found.map((one) => withReferral(one, parts)));
  const loops = applyAll(news, known);
  const contradictions = distinct(
    loops.flatMap(({ applied }) => (applied.kind === 'contradiction' ? applied.findings : [])),
  );
  if (contradictions.length > 0) return refuse(arrival, [...ofNews, ...contradictions]);
  const changed = await Promise.all(loops.map((loop) => changesOf(loop, { arrival, moment }, parts)));
  if (changed.includes('moved-on')) return decidePatientNews(arrival, moment, parts);
  return accept(
    changed.flatMap((one) => (one === undefined || one === 'moved-on' ? [] : [one])),
    { arrival, moment },
    [...arrival.findings, ...ofNews],
  );
}

interface About {
  readonly arrival: Arrival;
  readonly moment: Moment;
}

interface KnownLoop extends KnownPatient {
  readonly isOpen: boolean;
}

interface Loop extends KnownLoop {
  readonly applied: AppliedNews;
}

async function withReferral(one: KnownPatient, { store }: RoadParts): Promise<KnownLoop> {
  const referral = await store.referral(one.referral);
  if (referral === undefined) throw new Error('a Patient without its referral: the record is damaged');
  return { ...one, isOpen: referral.status === 'open' };
}

/**
 * Everything that a message says, in its order: one who stays can be merged further on. A loop that has closed contradicts
 * nothing: it keeps what was known in its time.
 */
function applyAll(news: readonly PatientNews[], known: readonly KnownLoop[]): Loop[] {
  let loops = known.map((one): Loop => ({ ...one, applied: { kind: 'nothing' } }));
  for (const one of news) {
    const all = loops.map(({ patient }) => patient);
    const evidence = evidenceFor(
      one,
      loops.flatMap(({ patient, isOpen }) => (isOpen ? [patient] : [])),
      all,
    );
    loops = loops.map((loop) => withNews(loop, applyPatientNews(loop.patient, one, evidence)));
  }
  return loops;
}

function withNews(loop: Loop, next: AppliedNews): Loop {
  const { applied: before, isOpen } = loop;
  if (before.kind === 'contradiction' || next.kind === 'nothing') return loop;
  if (next.kind === 'contradiction') return isOpen ? { ...loop, applied: next } : loop;
  if (before.kind === 'nothing') return { ...loop, patient: next.patient, applied: next };
  const elements = [...new Set([...before.elements, ...next.elements])];
  return { ...loop, patient: next.patient, applied: { ...next, elements, merged: before.merged || next.merged } };
}

interface LoopChange {
  readonly referral: string;
  readonly isOpen: boolean;
  readonly changes: Changes;
}

/**
 * The Patient in its next version, and nothing that other steps write but for what must be found anew: so that a loop at which
 * much is done at this moment keeps nobody waiting.
 */
async function changesOf(
  { referral, applied, isOpen }: Loop,
  about: About,
  { store, partners }: RoadParts,
): Promise<LoopChange | 'moved-on' | undefined> {
  if (applied.kind !== 'changed') return undefined;
  if (!isOpen) return { referral, isOpen, changes: { journal: [entryOf(referral, applied, about, { closed: true })] } };
  const [dossier, references] = await Promise.all([store.dossier(referral), store.referencesOf(referral)]);
  // Between finding it and reading its loop somebody else may have changed it: what was applied was applied to the former one.
  const [stored] = ofType(dossier, 'Patient').filter(({ id }) => id === applied.patient.id);
  if (stored?.meta?.versionId !== applied.patient.meta?.versionId) return 'moved-on';
  const platforms = platformsOf({ dossier, references }, applied.elements, partners);
  const entry = entryOf(referral, applied, about, {
    ...(platforms.told.length > 0 && { told: platforms.told.join(' ') }),
    ...(platforms.untold.length > 0 && { untold: platforms.untold.join(' ') }),
  });
  const { now, message } = about.moment;
  const work = platforms.told.map(
    (partner): NewWork => ({
      kind: 'onward',
      lane: `in/${referral}/${message}/${partner}`,
      subject: message,
      partner,
      referral,
    }),
  );
  const after = dossierWith(dossier, [applied.patient]);
  const resources = [applied.patient, ...foundOtherwise(dossier, after, applied.patient)].map((resource) =>
    toStored(resource, { dossier, referral: { id: referral } }, { dossier: after, now }),
  );
  return { referral, isOpen, changes: { resources, work, journal: [entry] } };
}

/** Resources that are found by their patient's numbers are kept anew when those change, or nobody finds them by the new ones. */
function foundOtherwise(before: Dossier, after: Dossier, patient: Patient): FhirResource[] {
  return [...byName(before).values()].filter((resource) => {
    if (nameOf(resource) === nameOf(patient)) return false;
    const [was, is] = [before, after].map((all) => indexOf(resource, (reference) => byName(all).get(reference)));
    return JSON.stringify(was) !== JSON.stringify(is);
  });
}

/**
 * The platforms that have this referral and are at work on it: those whose mapping for changes reads what changed are told, by
 * that mapping; the others hold what they were sent, and the log says so.
 */
function platformsOf(
  { dossier, references }: Pick<Snapshot, 'dossier' | 'references'>,
  elements: readonly string[],
  partners: RoadParts['partners'],
) {
  const tasks = new Map(ofType(dossier, 'Task').map((task) => [task.id, task]));
  const atWork = childTasks(references).filter(({ task }) => !ENDED.has(tasks.get(task)?.status ?? ''));
  const [told, untold]: [string[], string[]] = [[], []];
  for (const { partner } of atWork) {
    const reads = partners.get(partner)?.outward?.mappings.get('update')?.discloses ?? [];
    (elements.some((element) => reads.includes(element)) ? told : untold).push(partner);
  }
  return { told, untold };
}

const ENDED: ReadonlySet<string> = new Set(['rejected', 'cancelled', 'completed', 'failed', 'entered-in-error']);

function entryOf(
  referral: string,
  { elements, merged, patient }: Extract<AppliedNews, { kind: 'changed' }>,
  { arrival, moment }: About,
  more: JournalEntry['detail'],
): JournalEntry {
  const kind = more['closed'] === true ? 'patient.not-changed' : merged ? 'patient.merged' : 'patient.changed';
  return {
    at: moment.now,
    kind,
    actor: arrival.partner,
    referral,
    message: moment.message,
    detail: { patient: patient.id ?? '', elements: elements.join(' '), ...triggerOf(arrival), ...more },
  };
}

function triggerOf({ ask }: Arrival): { readonly trigger?: string } {
  return ask.kind === 'hl7v2-message' ? { trigger: ask.event } : {};
}

function accept(loops: readonly LoopChange[], { arrival, moment }: About, findings: readonly Finding[]): Decision {
  const [first, ...others] = loops;
  const [only] = loops.length === 1 ? loops : [];
  const changes: Changes =
    first === undefined
      ? {
          journal: [
            {
              at: moment.now,
              kind: 'patient.no-loop',
              actor: arrival.partner,
              message: moment.message,
              detail: triggerOf(arrival),
            },
          ],
        }
      : { ...first.changes, further: others.map((one) => one.changes) };
  const nothing = loops.some(({ isOpen }) => isOpen) ? [] : [NO_OPEN_LOOP];
  return {
    kind: 'accepted',
    ...(only !== undefined && { referral: only.referral }),
    resources: [],
    findings: [...findings, ...nothing],
    changes,
  };
}

function refuse({ findings }: Arrival, more: readonly Finding[]): Decision {
  return { kind: 'refused', status: 422, findings: [...findings, ...more] };
}

function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((one) => [JSON.stringify([one.rule, one.place]), one])).values()];
}

const NO_OPEN_LOOP: Finding = {
  severity: 'warning',
  rule: 'patient/no-open-referral',
  place: { expression: 'Patient.identifier' },
  message: 'There is no open referral of yours that this changes anything in: it is recorded, and nothing else.',
  remedy: 'Nothing need be done. If there should be one, compare the numbers of the patient.',
  issue: 'informational',
};
