/**
 * Stories that are not told of a partner behind a broker, each with the reason: they are about HTTP, or their partner has a door
 * of its own already. All others are told over AMQP as well.
 */

/** With HEARBACK_TEST_PLATFORM=amqp. */
export const PLATFORM_ABOUT_HTTP: ReadonlyMap<string, string> = new Map([
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

const OWN_PRACTICE_HL7 = 'the practice speaks HL7 v2, whatever is asked for';
const READ_BACK = 'a record that is read back over HTTP: a queue can only be written to';

/** With HEARBACK_TEST_GP=amqp. */
export const GP_ABOUT_HTTP: ReadonlyMap<string, string> = new Map([
  ['amqp-as-documented', 'has a practice of its own behind a broker, whatever is asked for'],
  ['bars-duplicate', 'what BaRS answers a repeat over HTTP; over a queue it gets the first answer again'],
  ['both-styles', READ_BACK],
  ['business-acknowledgement', OWN_PRACTICE_HL7],
  ['certificate', READ_BACK],
  ['failing-message', 'a record that answers 500 to one message'],
  ['few-items', READ_BACK],
  ['fhir-client', 'a client of HTTP that others wrote'],
  ['gp-down', 'a record that answers 503, and an answer that is lost'],
  ['gp-over-amqp', 'has a practice of its own behind a broker, whatever is asked for'],
  ['hl7v2-both-ways', OWN_PRACTICE_HL7],
  ['hl7v2-shipped-mapping', OWN_PRACTICE_HL7],
  ['hl7v2-told', OWN_PRACTICE_HL7],
  ['limits', 'rate limits, and what a token allows'],
  ['lost-code', READ_BACK],
  ['mllp-acknowledgements', OWN_PRACTICE_HL7],
  ['mllp-batch', OWN_PRACTICE_HL7],
  ['mllp-framing', OWN_PRACTICE_HL7],
  ['nothing-leaks', 'a record that answers 503; redaction tells of what comes over a queue'],
  ['paired-outcomes-over-hl7v2', OWN_PRACTICE_HL7],
  ['patient-merge', OWN_PRACTICE_HL7],
  ['patient-moves', OWN_PRACTICE_HL7],
  ['read-back', READ_BACK],
  ['refused-delivery', 'answers 4xx of the record; gp-over-amqp tells of a write-back that is refused by a message'],
  ['release-loaded', 'terminology operations, which are questions over HTTP'],
  ['rolling-restart', 'a balancer of HTTP, in front of engines that come and go'],
  ['switched-off', READ_BACK],
  ['wrong-person', 'a patient is looked up in the record before anything is filed, which is a question over HTTP'],
]);
