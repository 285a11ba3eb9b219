import { z } from 'zod';
import { secretSource } from './secret-source.ts';
import { mappingName, textLike, wholeNumber } from './values.ts';

const HOUR_MS = 3_600_000;

const retrySection = z.strictObject({
  initialMs: wholeNumber(1, 24 * HOUR_MS)
    .default(5_000)
    .describe('Pause after the first failure, in milliseconds; it doubles each time.'),
  maxMs: wholeNumber(1, 24 * HOUR_MS)
    .default(HOUR_MS)
    .describe('Longest pause, in milliseconds. Tries never end by themselves.'),
});

const circuitSection = z.strictObject({
  failures: wholeNumber(1, 1_000).default(5).describe('Failures in a row after which nothing is sent for a while.'),
  openMs: wholeNumber(1, 24 * HOUR_MS)
    .default(30_000)
    .describe('How long that while is, in milliseconds.'),
});

const url = z.string().meta({ format: 'uri' });

const sending = {
  timeoutMs: wholeNumber(10, 300_000).default(15_000).describe('How long to wait for an answer, in milliseconds.'),
  concurrency: wholeNumber(1, 256).default(4).describe('Deliveries under way at once.'),
  retry: retrySection.prefault({}).describe('Pauses between tries.'),
  circuit: circuitSection.prefault({}).describe('When to leave a failing partner in peace.'),
};

const outletMappings = z.strictObject({
  referral: mappingName.describe('The mapping that makes a new referral for the platform.'),
  update: mappingName
    .optional()
    .describe('The mapping that tells the platform of a change; without it changes are not sent.'),
  cancel: mappingName
    .optional()
    .describe('The mapping that asks the platform to cancel; without it a person must ask.'),
});

const webhookOutlet = z.strictObject({
  type: z.literal('webhook').describe('Hearback posts signed webhooks (Standard Webhooks).'),
  url: url.describe('Where to post. https, unless the partner is `local`.'),
  secrets: z
    .array(secretSource)
    .min(1)
    .describe('Secrets to sign with; a signature for each, so that a receiver can replace one.'),
  mappings: outletMappings.describe('What is sent, one mapping for each purpose.'),
  idempotent: z
    .boolean()
    .default(false)
    .describe(
      'True when the receiver promises that the same webhook-id has one effect. Otherwise a delivery that may have arrived waits for a person.',
    ),
  acknowledges: z
    .enum(['transport', 'technical'])
    .default('transport')
    .describe('What its 2xx proves: `transport` that it took the bytes, `technical` that it processed them.'),
  replyReference: textLike(/^(?:\/(?:[^~/]|~[01])*)+$/, {
    rule: 'config/bad-pointer',
    message: 'This is not a JSON Pointer.',
    remedy: 'Write where the reference stands in the reply, like "/caseId" (RFC 6901).',
  })
    .optional()
    .describe("JSON Pointer to the platform's own reference in its reply, when it answers with one."),
  ...sending,
});

const fhirOutlet = z.strictObject({
  type: z.literal('fhir').describe('Hearback writes to the FHIR endpoint of the GP system.'),
  url: url.describe('Base of that endpoint. https, unless the partner is `local`.'),
  token: secretSource.describe('Bearer token to show.'),
  idempotent: z
    .boolean()
    .default(true)
    .describe('True when conditional writes are honoured, so that a repeat changes nothing.'),
  ...sending,
});

export const outletSection = z.discriminatedUnion('type', [webhookOutlet, fhirOutlet]);
