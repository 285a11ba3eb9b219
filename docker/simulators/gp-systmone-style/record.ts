import type { PatientList } from '../gp-record/registered.ts';
import { inOrder, type PatientRecord } from '../gp-record/shown-record.ts';
import { type FiledContent, filedContent } from './filed-content.ts';
import type { Inbox, InboxItem } from './inbox.ts';

interface Parts {
  readonly patients: PatientList;
  readonly inbox: Inbox;
  readonly gatewayUser: string;
}

export interface SystmOneRecord {
  readonly patients: PatientList;
  /** Everything about one person, as a practice would read it. What waits in the inbox is no part of the record. */
  patient(nhsNumber: string): PatientRecord;
}

/** A record in the style of SystmOne: what a person has filed, under the gateway's user. */
export function newSystmOneRecord({ patients, inbox, gatewayUser }: Parts): SystmOneRecord {
  return {
    patients,
    patient(nhsNumber) {
      const items = inbox.items().filter((item) => item.nhsNumber === nhsNumber);
      const filed = items
        .filter(({ state }) => state === 'filed')
        .map(({ message, decided = '' }) => filedContent(message, { gatewayUser, recorded: decided }));
      const patient = patients.byNumber(nhsNumber);
      return {
        style: 'SystmOne-style',
        nhsNumber,
        name: patient === undefined ? 'Not registered here' : `${patient.given} ${patient.family}`,
        ...(patient && { birthDate: patient.birthDate, gender: patient.gender }),
        referrals: referralsOf(filed),
        consultations: inOrder(filed.flatMap((one) => one.consultations)),
        documents: filed.flatMap((one) => one.documents),
        waiting: items.filter(({ state }) => state === 'waiting').map(waitingLine),
      };
    },
  };
}

/** Of each referral what was said last. */
function referralsOf(filed: readonly FiledContent[]): PatientRecord['referrals'] {
  const byNumber = new Map(
    filed.flatMap(({ referral }) => (referral ? [[referral.number, referral.line] as const] : [])),
  );
  return [...byNumber.values()];
}

function waitingLine({ id, kind, received }: InboxItem): string {
  return `${id} ${kind}, received ${received.slice(0, 10)}`;
}
