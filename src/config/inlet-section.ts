import { z } from 'zod';
import { amqpInlet } from './amqp-section.ts';
import { mllpInlet } from './mllp-section.ts';
import { secretSource, tokenSource } from './secret-source.ts';
import { mappingName, wholeNumber } from './values.ts';

const SCOPES = ['referral.write', 'task.write', 'read', 'terminology'] as const;

const fhirInlet = z.strictObject({
  type: z.literal('fhir').describe('The partner calls the FHIR endpoint.'),
  tokens: z
    .array(tokenSource)
    .min(1)
    .describe('Digests of the bearer tokens it may show; several while one replaces another.'),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .default([...SCOPES])
    .describe('What it may do: make referrals, change their tasks, read its own, ask about codes.'),
  dialect: z
    .enum(['plain', 'bars'])
    .default('plain')
    .describe('`bars`: answers and errors as the NHS Booking and Referral Standard prescribes.'),
});

const webhookInlet = z.strictObject({
  type: z.literal('webhook').describe('The partner posts signed webhooks (Standard Webhooks).'),
  secrets: z.array(secretSource).min(1).describe('Secrets of its signatures; several while one replaces another.'),
  mapping: mappingName.describe('The mapping that reads its reports.'),
  toleranceSeconds: wholeNumber(1, 3_600).default(300).describe('How far its clock may be off.'),
  maxBytes: wholeNumber(1_024, 100 * 1024 * 1024)
    .default(1024 * 1024)
    .describe('Longest body that is accepted, in bytes.'),
});

export const inletSection = z.discriminatedUnion('type', [fhirInlet, webhookInlet, mllpInlet, amqpInlet]);
