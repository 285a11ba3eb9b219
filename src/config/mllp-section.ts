import { z } from 'zod';
import { outletMappings, sending } from './outlet-sending.ts';
import { certificateDigest, mappingName, networkAddress, somePath, textLike, wholeNumber } from './values.ts';
import { writeBackSection } from './write-back-section.ts';

const HOUR_S = 3_600;

/** Where the engine listens for HL7 v2, common to all partners that speak it. */
export const mllpListenSection = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on. Beyond loopback only with `tls` or `behindTunnel`.'),
  tls: z
    .strictObject({
      cert: somePath.describe('PEM file with the certificate and its chain.'),
      key: somePath.describe('PEM file with the private key.'),
      ca: somePath
        .optional()
        .describe('PEM file with the authorities whose client certificates are trusted; needed for `commonNames`.'),
    })
    .optional()
    .describe('Files for TLS (1.2 or later).'),
  behindTunnel: z
    .boolean()
    .default(false)
    .describe('True when something in front (a VPN, stunnel) encrypts the whole way from each partner.'),
  maxBytes: wholeNumber(1_024, 100 * 1024 * 1024)
    .default(20 * 1024 * 1024)
    .describe('Longest message that is accepted, in bytes. Letters travel inside messages.'),
  maxConnections: wholeNumber(1, 10_000).default(1_000).describe('Most connections at once on one port.'),
  idleSeconds: wholeNumber(10, 7 * 24 * HOUR_S)
    .default(HOUR_S)
    .describe('After how long a connection on which nothing happens is closed.'),
  frameSeconds: wholeNumber(1, HOUR_S)
    .default(60)
    .describe('How long one message may take from its first byte to its last.'),
});

const event = textLike(/^[A-Z]{3}\^[A-Z0-9]{3}$/, {
  rule: 'config/bad-event',
  message: 'This is not a message type with its event.',
  remedy: 'Write MSH-9.1 and MSH-9.2 as messages have them, like "REF^I12".',
});

export const mllpInlet = z.strictObject({
  type: z.literal('mllp').describe('The partner sends HL7 v2 messages in MLLP frames.'),
  port: wholeNumber(0, 65_535)
    .default(2_575)
    .describe('Port that it connects to; 0 takes a free one. Partners with the same port must be told apart.'),
  mappings: z
    .record(event, mappingName)
    .describe('By message type and event (`REF^I12`): the mapping that reads such a message. Others are refused.'),
  certificates: z
    .array(certificateDigest)
    .default([])
    .describe('SHA-256 digests of its client certificates: whoever holds the key of one is this partner.'),
  commonNames: z
    .array(z.string().min(1))
    .default([])
    .describe('Common names of its client certificates, signed by one of the authorities in `engine.mllp.tls.ca`.'),
  addresses: z
    .array(networkAddress)
    .default([])
    .describe('Addresses and networks that it may connect from (`10.20.30.40`, `10.20.0.0/16`).'),
  sender: z
    .strictObject({
      application: z.string().min(1).optional().describe('MSH-3.1 as it sends it.'),
      facility: z.string().min(1).optional().describe('MSH-4.1 as it sends it.'),
    })
    .prefault({})
    .describe('Tells partners apart that share a port and an address. Anybody can write it: it admits nobody.'),
  processingIds: z
    .array(z.enum(['P', 'T', 'D']))
    .min(1)
    .default(['P'])
    .describe('Which MSH-11 is taken. T (training) and D (debugging) only where no real patients are.'),
  characterSet: z
    .enum(['ASCII', 'UNICODE UTF-8', '8859/1', '8859/15'])
    .default('ASCII')
    .describe('Character set of messages that name none in MSH-18.'),
  lane: textLike(/^(?:nhs-number|partner|[A-Z][A-Z0-9]{2}-[1-9]\d{0,2}(?:\.[1-9]\d?)?)$/, {
    rule: 'config/bad-lane',
    message: 'This is not something that messages can be ordered by.',
    remedy: 'Write nhs-number, partner, or a place in the message like PV1-19.1.',
  })
    .default('nhs-number')
    .describe(
      'What must not overtake each other: messages about the same patient (`nhs-number`), all of this partner (`partner`), or those with the same value at a place (`PV1-19.1`). A safety decision: see docs/hl7v2.md.',
    ),
});

export const mllpOutlet = z.strictObject({
  type: z.literal('mllp').describe('Hearback sends HL7 v2 messages in MLLP frames.'),
  host: z.string().min(1).describe('Name or address of its listener.'),
  port: wholeNumber(1, 65_535).describe('Port of its listener.'),
  tls: z
    .strictObject({
      ca: somePath
        .optional()
        .describe('PEM file with the authorities that may have signed its certificate; the public ones when left out.'),
      cert: somePath.optional().describe('PEM file with the client certificate to show.'),
      key: somePath.optional().describe('PEM file with the key of that certificate.'),
      serverName: z.string().min(1).optional().describe('Name in its certificate, when it is not `host`.'),
    })
    .optional()
    .describe('Speak TLS (1.2 or later). Left out only for a partner that is `local`.'),
  mappings: outletMappings
    .partial()
    .extend({
      'write-back': mappingName
        .optional()
        .describe('For a GP system: the mapping that tells it what happened, all of it where `answer` is left out.'),
      answer: mappingName
        .optional()
        .describe(
          'For a GP system: the mapping that tells it what its request came to (accepted, on a waiting list, rejected, declined, nobody answers, cancelled or not), when no results come with it.',
        ),
      document: mappingName
        .optional()
        .describe('For a GP system with `writeBack.fallback: document`: the mapping that sends a document (MDM^T02).'),
    })
    .describe('What is sent, one mapping for each purpose.'),
  idempotent: z
    .boolean()
    .default(false)
    .describe(
      'True when the receiver promises that a message repeated under its MSH-10 has one effect. Otherwise a delivery that may have arrived waits for a person.',
    ),
  acknowledges: z
    .enum(['transport', 'technical', 'business'])
    .default('technical')
    .describe(
      'What must come back: `technical` an AA of the application, `transport` a CA is enough; `business` an AA that it sends to our inlet when a person has filed it.',
    ),
  writeBack: writeBackSection
    .optional()
    .describe('What a practice wants of what is written into its record; without it an item for each event.'),
  ...sending,
  concurrency: wholeNumber(1, 64).default(1).describe('Connections at once, each with one message under way.'),
});
