import { REFERRAL_ID_SYSTEM } from '../../src/core/referral.ts';
import type { Terminology } from '../../src/core/terminology/terminology.ts';
import { ASSESSMENT_TOOLS, CASEWORK_STATUSES, type OutcomeJob, type PlatformReport } from './outcome-job.ts';
import { translatedCoding } from './workload.ts';

/** What somebody would write who does it in TypeScript for this one platform: no report of what is missing. */
export function outcomeByHand({ document, given }: OutcomeJob, terminology: Terminology) {
  const { assessment } = document;
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      { resource: taskByHand(document, given.partner, terminology) },
      { resource: scoreByHand(assessment, terminology) },
      {
        resource: {
          resourceType: 'QuestionnaireResponse',
          questionnaire: `https://hearback.example/fhir/Questionnaire/${assessment.tool.toLowerCase()}`,
          status: 'completed',
          authored: assessment.date,
          item: assessment.answers.map(({ question, score }) => ({
            linkId: String(question),
            answer: [{ valueInteger: score }],
          })),
        },
      },
    ],
  };
}

function taskByHand(report: PlatformReport, partner: string, terminology: Terminology) {
  return {
    resourceType: 'Task',
    identifier: [
      { system: REFERRAL_ID_SYSTEM, value: report.clientReference },
      { system: `urn:hearback:reference:${partner}`, value: report.caseId },
    ],
    status: 'in-progress',
    intent: 'order',
    businessStatus: {
      coding: [translatedCoding(terminology, 'casework-status-to-loop-state', CASEWORK_STATUSES, report.status)],
    },
    lastModified: report.occurredAt,
    owner: { display: `${report.worker.name} (${report.worker.role})` },
    note: [{ text: report.note }],
  };
}

function scoreByHand({ tool, date, total, stage }: PlatformReport['assessment'], terminology: Terminology) {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [translatedCoding(terminology, 'assessment-tool-to-score', ASSESSMENT_TOOLS, tool)], text: tool },
    effectiveDateTime: date,
    valueInteger: total,
    note: [{ text: stage }],
  };
}
