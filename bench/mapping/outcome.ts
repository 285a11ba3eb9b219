import { REFERRAL_ID_SYSTEM } from '../../src/core/referral.ts';
import type { Terminology } from '../../src/core/terminology/terminology.ts';
import { textBeside } from './files.ts';
import { hearback } from './hearback.ts';
import { outcomeByFhirpath } from './outcome-fhirpath.ts';
import { outcomeByHand } from './outcome-hand.ts';
import { ASSESSMENT_TOOLS, CASEWORK_STATUSES, type OutcomeGiven, type PlatformReport } from './outcome-job.ts';
import { jsonata } from './queries.ts';
import { handlebars } from './templates.ts';
import { numbered, translatedCoding, type Workload } from './workload.ts';

/** A platform's report with 14 answers becomes a report Bundle: Task, Observation, QuestionnaireResponse. */
export function outcomeWorkload(terminology: Terminology): Workload<PlatformReport, OutcomeGiven> {
  const text = textBeside('outcome.json');
  const systems: Readonly<Record<string, string>> = {
    'casework-status-to-loop-state': CASEWORK_STATUSES,
    'assessment-tool-to-score': ASSESSMENT_TOOLS,
  };
  const translateCoding = (map: string, code: unknown) => translatedCoding(terminology, map, systems[map] ?? '', code);
  return {
    name: 'outcome',
    title: 'outcome: a report with 14 answers to a Bundle of 3 resources, 2 codes translated',
    jobs: () => numbered(text, given),
    contenders: [
      ...hearback<PlatformReport, OutcomeGiven>('outcome', terminology),
      { name: 'fhirpath', run: (job) => outcomeByFhirpath(job, terminology) },
      jsonata('outcome', { referralSystem: REFERRAL_ID_SYSTEM, translateCoding }),
      handlebars('outcome', terminology, {
        referralSystem: REFERRAL_ID_SYSTEM,
        statusSystem: CASEWORK_STATUSES,
        toolSystem: ASSESSMENT_TOOLS,
      }),
      { name: 'hand', run: (job) => outcomeByHand(job, terminology) },
    ],
  };
}

function given(number: number): OutcomeGiven {
  return { receivedAt: '2026-11-21T10:00:05.000Z', partner: 'benchley-care', message: `m-${number}` };
}
