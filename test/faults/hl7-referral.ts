import { SOCIAL_PRESCRIBING } from '../fixtures/fhir/referral-bundle.ts';

interface Said {
  readonly event: 'I12' | 'I14';
  /** MSH-10. */
  readonly id: string;
  /** The practice's number of the referral. */
  readonly number: string;
  readonly nhsNumber: string;
  readonly postalCode: string;
}

/** A referral, or its cancellation, as the practice that speaks HL7 v2 says it. The same is said in the same bytes. */
export function hl7Referral({ event, id, number, nhsNumber, postalCode }: Said): string {
  return `${[
    `MSH|^~\\&|ELMTREE|Z99003|HEARBACK|HEARBACK|20261118093000+0000||REF^${event}^REF_I12|${id}|P|2.5.1||||||UNICODE UTF-8`,
    `RF1|A|R||||${number}|20261118093000+0000|||^${event === 'I14' ? 'Moves away next week.' : ''}`,
    'PRD|RP|Quillfeather^Sabine',
    `PID|1||${nhsNumber}^^^NHS^NH||Thistlewood^Marigold||19510307|F|||^^^^${postalCode}`,
    'DG1|1||267076002^Feeling lonely^SCT',
    `PR1|1||${SOCIAL_PRESCRIBING}^Referral to social prescribing service^SCT|||20261118`,
  ].join('\r')}\r`;
}
