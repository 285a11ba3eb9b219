/**
 * Stories that are about HTTP, or whose platform has a door of its own already, each with the reason. They are not told with
 * HEARBACK_TEST_PLATFORM=amqp; all others are told of platforms behind a broker as well.
 */
export const ABOUT_HTTP: ReadonlyMap<string, string> = new Map([
  [
    'ambiguous-delivery',
    'answers of HTTP that were lost or say nothing; amqp-platform tells it of a confirmation that was cut off',
  ],
  ['amqp-as-documented', 'has a platform of its own behind a broker, whatever is asked for'],
  ['amqp-platform', 'has a platform of its own behind a broker, whatever is asked for'],
  ['changed-mapping', 'a platform that takes any signed webhook, for mappings of its own'],
  ['clocks-apart', 'tells it of a platform behind a broker already, beside one that takes webhooks'],
  ['codes', 'what a report with a damaged code is answered'],
  ['forms-and-xml', 'forms, CSV and XML, which are bodies of webhooks'],
  ['hl7v2-platform', 'a platform that takes any signed webhook beside one that speaks HL7 v2'],
  ['hostile-reports', 'bodies of webhooks that are made to break what reads them'],
  ['limits', 'rate limits and the addresses of webhooks'],
  ['metrics', 'a webhook that is answered 422, and what is counted of it'],
  ['nothing-leaks', 'wrong signatures, and addresses that nobody has'],
  ['own-reference', 'the platform’s number in the answer to a webhook'],
  ['platform-down', 'an address that answers 503; amqp-platform tells it of a broker that is away'],
  ['redaction', 'wrong signatures, and what a webhook is answered'],
  ['refused-delivery', 'answers 4xx of HTTP; amqp-platform tells it of what no queue takes'],
  ['replayed-with-version', 'a platform that takes any signed webhook, for mappings of its own'],
  ['same-identity-two-doors', 'one identity over a webhook and over a broker: the platform has both doors already'],
  ['several-messages', 'a platform that takes any signed webhook, for mappings of its own'],
  ['size-limits', 'the longest body of a webhook'],
  ['strange-reports', 'what a webhook is answered'],
  ['traced', 'a platform that answers 503 while the engine is restarted'],
  ['two-engines', 'a platform that answers 503 while engines come and go'],
  ['wrong-patient', 'answers of HTTP with another referral’s number'],
]);
