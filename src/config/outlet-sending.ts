import { z } from 'zod';
import { mappingName, wholeNumber } from './values.ts';

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

/** How patiently anything is sent, whatever the protocol. */
export const sending = {
  timeoutMs: wholeNumber(10, 300_000).default(15_000).describe('How long to wait for an answer, in milliseconds.'),
  concurrency: wholeNumber(1, 256).default(4).describe('Deliveries under way at once.'),
  retry: retrySection.prefault({}).describe('Pauses between tries.'),
  circuit: circuitSection.prefault({}).describe('When to leave a failing partner in peace.'),
};

/** What a platform is told. */
export const outletMappings = z.strictObject({
  referral: mappingName.describe('The mapping that makes a new referral for the platform.'),
  update: mappingName
    .optional()
    .describe('The mapping that tells the platform of a change; without it changes are not sent.'),
  cancel: mappingName
    .optional()
    .describe('The mapping that asks the platform to cancel; without it a person must ask.'),
});
