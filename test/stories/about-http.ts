/**
 * Stories that are about HTTP, or whose platform has a door of its own already, each with the reason. They are not told with
 * HEARBACK_TEST_PLATFORM=amqp; all others are told of platforms behind a broker as well.
 */
export const ABOUT_HTTP: ReadonlyMap<string, string> = new Map([
  [
    'ambiguous-delivery',
    'answers of HTTP that were lost or say nothing; amqp-platform tells it of a confirmation that was cut off',
  ],
  ['changed-mapping', 'a platform that takes any signed webhook, for mappings of its own'],
  ['codes', 'reports that are posted as signed bytes'],
  ['forms-and-xml', 'forms, CSV and XML, which are bodies of webhooks'],
  ['held-report', 'reports that are posted as signed bytes'],
  ['hl7v2-platform', 'a platform that takes any signed webhook beside one that speaks HL7 v2'],
  ['hostile-reports', 'bodies of webhooks that are made to break what reads them'],
  ['limits', 'rate limits and the addresses of webhooks'],
  ['metrics', 'a webhook that is answered 422, and what is counted of it'],
  ['nothing-leaks', 'wrong signatures, and addresses that nobody has'],
  ['own-reference', 'the platform’s number in the answer to a webhook'],
  ['platform-down', 'an address that answers 503; amqp-platform tells it of a broker that is away'],
  ['refused-delivery', 'answers 4xx of HTTP; amqp-platform tells it of what no queue takes'],
  ['replayed-with-version', 'a platform that takes any signed webhook, for mappings of its own'],
  ['report-times', 'the time in the signature of a webhook'],
  ['several-messages', 'a platform that takes any signed webhook, for mappings of its own'],
  ['size-limits', 'the longest body of a webhook'],
  ['strange-reports', 'what a webhook is answered'],
  ['two-engines', 'a platform that answers 503 while engines come and go'],
  ['wrong-patient', 'answers of HTTP with another referral’s number'],
]);
