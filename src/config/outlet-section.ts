import { z } from 'zod';
import { amqpOutlet } from './amqp-section.ts';
import { mllpOutlet } from './mllp-section.ts';
import { outletMappings, sending } from './outlet-sending.ts';
import { readBackSection } from './read-back-section.ts';
import { secretSource } from './secret-source.ts';
import { textLike } from './values.ts';
import { writeBackSection } from './write-back-section.ts';

const url = z.string().meta({ format: 'uri' });

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
  readBack: readBackSection
    .optional()
    .describe(
      'Read the record after each write, by `POST [type]/_search`. Without it a loop closes on what the GP system answered alone.',
    ),
  writeBack: writeBackSection
    .optional()
    .describe('What the practice wants of what is written into its record; without it an item for each event.'),
  ...sending,
});

export const outletSection = z.discriminatedUnion('type', [webhookOutlet, fhirOutlet, mllpOutlet, amqpOutlet]);
