import type { Dossier } from '../../referral.ts';
import { NHS_NUMBER_SYSTEM, SNOMED_SYSTEM } from '../../referral.ts';

/** A small referral of an invented person (the NHS number is of the range 999, which is kept for tests). */
export const EXAMPLE_DOSSIER: Dossier = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    {
      resource: {
        resourceType: 'Patient',
        id: 'patient-1',
        identifier: [{ system: NHS_NUMBER_SYSTEM, value: '9990000018' }],
        name: [{ use: 'official', prefix: ['Mrs'], given: ['Ada', 'Mary'], family: 'Testwell' }],
        birthDate: '1941-05-09',
        telecom: [
          { system: 'phone', value: '020 7946 0000' },
          { system: 'email', value: 'ada.testwell@example.org' },
        ],
        address: [{ line: ['Flat 2', '7 Sample Street'], city: 'London', postalCode: 'SE15 4AB' }],
      },
    },
    {
      resource: {
        resourceType: 'ServiceRequest',
        id: 'request-1',
        status: 'active',
        intent: 'order',
        priority: 'routine',
        subject: { reference: 'Patient/patient-1' },
        reasonCode: [
          {
            coding: [{ system: SNOMED_SYSTEM, code: '267076002', display: 'Feeling lonely (finding)' }],
            text: 'Misses company',
          },
        ],
        note: [{ text: 'Hard of hearing: please ring twice.' }],
      },
    },
  ],
};
