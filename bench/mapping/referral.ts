import { NHS_NUMBER_SYSTEM, ODS_SYSTEM, SNOMED_SYSTEM } from '../../src/core/referral.ts';
import type { Terminology } from '../../src/core/terminology/terminology.ts';
import { textBeside } from './files.ts';
import { hearback } from './hearback.ts';
import { jsonata } from './queries.ts';
import { referralByFhirpath } from './referral-fhirpath.ts';
import { referralByHand } from './referral-hand.ts';
import type { ReferralDossier, ReferralGiven } from './referral-job.ts';
import { handlebars } from './templates.ts';
import { numbered, translated, type Workload } from './workload.ts';

/** A dossier of six resources becomes a platform's JSON of 25 fields. */
export function referralWorkload(terminology: Terminology): Workload<ReferralDossier, ReferralGiven> {
  const text = textBeside('referral.json');
  const systems = { nhsNumber: NHS_NUMBER_SYSTEM, ods: ODS_SYSTEM, snomed: SNOMED_SYSTEM };
  const translate = (map: string, code: unknown) => translated(terminology, map, SNOMED_SYSTEM, code);
  return {
    name: 'referral',
    title: 'referral: a dossier of 6 resources to JSON of 25 fields, 2 codes translated',
    jobs: () => numbered(text, given),
    contenders: [
      ...hearback<ReferralDossier, ReferralGiven>('referral', terminology),
      { name: 'fhirpath', run: (job) => referralByFhirpath(job, terminology) },
      jsonata('referral', { ...systems, translate }),
      handlebars('referral', terminology, systems),
      { name: 'hand', run: (job) => referralByHand(job, terminology) },
    ],
  };
}

function given(number: number): ReferralGiven {
  return {
    referral: `ref-${number}`,
    task: `task-${number}`,
    now: '2026-11-02T09:00:01.000Z',
    partner: 'benchley-care',
    message: `m-${number}`,
  };
}
