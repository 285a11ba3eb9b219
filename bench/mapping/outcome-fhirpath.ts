import { REFERRAL_ID_SYSTEM } from '../../src/core/referral.ts';
import type { Terminology } from '../../src/core/terminology/terminology.ts';
import { onJson } from './fhirpath-reader.ts';
import { ASSESSMENT_TOOLS, CASEWORK_STATUSES, type OutcomeJob, type PlatformReport } from './outcome-job.ts';
import { translatedCoding } from './workload.ts';

const clientReference = onJson('clientReference');
const caseId = onJson('caseId');
const status = onJson('status');
const occurredAt = onJson('occurredAt');
const worker = onJson("worker.name & ' (' & worker.role & ')'");
const noteText = onJson('note');

const assessmentOf = onJson('assessment');
const tool = onJson('tool');
const toolInAddress = onJson('tool.lower()');
const date = onJson('date');
const total = onJson('total');
const stage = onJson('stage');
const answers = onJson('answers');
const linkId = onJson('question.toString()');
const score = onJson('score');

/** The assessment is picked once and then read by short expressions: the quick way of using the library. */
export function outcomeByFhirpath({ document, given }: OutcomeJob, terminology: Terminology) {
  const assessment = assessmentOf.first(document);
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      { resource: task(document, given.partner, terminology) },
      { resource: observation(assessment, terminology) },
      {
        resource: {
          resourceType: 'QuestionnaireResponse',
          questionnaire: `https://hearback.example/fhir/Questionnaire/${toolInAddress.first(assessment)}`,
          status: 'completed',
          authored: date.first(assessment),
          item: answers.all(assessment).map((answer) => ({
            linkId: linkId.first(answer),
            answer: [{ valueInteger: score.first(answer) }],
          })),
        },
      },
    ],
  };
}

function task(report: PlatformReport, partner: string, terminology: Terminology) {
  const state = status.first(report);
  return {
    resourceType: 'Task',
    identifier: [
      { system: REFERRAL_ID_SYSTEM, value: clientReference.first(report) },
      { system: `urn:hearback:reference:${partner}`, value: caseId.first(report) },
    ],
    status: 'in-progress',
    intent: 'order',
    businessStatus: {
      coding: [translatedCoding(terminology, 'casework-status-to-loop-state', CASEWORK_STATUSES, state)],
    },
    lastModified: occurredAt.first(report),
    owner: { display: worker.first(report) },
    note: [{ text: noteText.first(report) }],
  };
}

function observation(assessment: unknown, terminology: Terminology) {
  const name = tool.first(assessment);
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [translatedCoding(terminology, 'assessment-tool-to-score', ASSESSMENT_TOOLS, name)], text: name },
    effectiveDateTime: date.first(assessment),
    valueInteger: total.first(assessment),
    note: [{ text: stage.first(assessment) }],
  };
}
