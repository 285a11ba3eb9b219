import { z } from 'zod';
import { brokerSection } from './amqp-section.ts';
import { auditorSection } from './auditor-section.ts';
import { consoleSection } from './console-section.ts';
import { deadlinesSection } from './deadlines-section.ts';
import { logSection } from './log-section.ts';
import { mllpListenSection } from './mllp-section.ts';
import { retentionSection } from './retention-section.ts';
import { ROLES } from './roles.ts';
import { storeSection } from './store-section.ts';
import { terminologyServerSection } from './terminology-server-section.ts';
import { somePath, wholeNumber } from './values.ts';

const tlsSection = z.strictObject({
  cert: somePath.describe('PEM file with the certificate and its chain.'),
  key: somePath.describe('PEM file with the private key.'),
  ca: somePath.optional().describe('PEM file with the authorities whose client certificates are accepted.'),
});

const listenSection = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on. Beyond loopback only with `tls` or `behindProxy`.'),
  port: wholeNumber(0, 65_535).default(8080).describe('Port to listen on; 0 takes a free one.'),
  tls: tlsSection.optional().describe('Files for TLS.'),
  behindProxy: z.boolean().default(false).describe('True when a proxy in front ends TLS and sets X-Forwarded-For.'),
});

const metricsSection = listenSection.extend({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on for whoever collects metrics. Beyond loopback only with `tls` or `behindProxy`.'),
  port: wholeNumber(0, 65_535).default(9464).describe('Port that `/metrics` is served on; 0 takes a free one.'),
});

const limitsSection = z.strictObject({
  maxBytes: wholeNumber(1_024, 100 * 1024 * 1024)
    .default(5 * 1024 * 1024)
    .describe('Longest body that is accepted, in bytes.'),
  maxDepth: wholeNumber(8, 512).default(64).describe('Deepest nesting of a body that is accepted.'),
  maxItems: wholeNumber(10, 10_000)
    .default(200)
    .describe('Most items of one list inside a FHIR resource; a longer one is refused.'),
  maxEntries: wholeNumber(10, 10_000)
    .default(500)
    .describe(
      'Most entries of a FHIR Bundle, items of one list in a Task that a GP system puts back, and segments of one name or repetitions of one field in an HL7 v2 message.',
    ),
  maxReportItems: wholeNumber(10, 10_000)
    .default(100)
    .describe('Most items of one list in a platform’s report; a longer one is refused.'),
  maxNodes: wholeNumber(1_000, 1_000_000)
    .default(20_000)
    .describe('Most values (objects, lists, texts and numbers together) in one message.'),
  requestsPerMinute: wholeNumber(1, 1_000_000)
    .default(600)
    .describe(
      'Requests a minute that one partner may make over HTTP; more are answered 429. Over HL7 v2 and AMQP nothing is refused for coming often.',
    ),
});

export const engineSection = z.strictObject({
  listen: listenSection.prefault({}).describe('Where the engine listens.'),
  baseUrl: z
    .string()
    .optional()
    .describe(
      'Address of the FHIR endpoint as partners know it, ending in /fhir. Left out on loopback, it follows from `listen`.',
    ),
  store: storeSection
    .prefault('sqlite:./var/hearback.db')
    .describe('Where the record is kept: `sqlite:` and a file, or `postgres` as below.'),
  log: logSection.prefault({}).describe('How the message log is sealed.'),
  retention: retentionSection
    .prefault({})
    .describe('How long what is kept. What an open loop, a hold or waiting work needs is kept longer.'),
  roles: z
    .array(z.enum(ROLES))
    .min(1)
    .default([...ROLES])
    .describe(
      'What this process does: `inlets` takes messages in, `workers` works on them and sends, `console` shows pages to people. Less than all only with PostgreSQL; `serve --roles` says otherwise for one process.',
    ),
  mllp: mllpListenSection
    .prefault({})
    .describe('How HL7 v2 is listened for. Nothing listens while no partner has an inlet of type mllp.'),
  brokers: z.array(brokerSection).prefault([]).describe('Message brokers (RabbitMQ) that partners are reached over.'),
  nhsNumberCheck: z
    .enum(['refuse', 'warn'])
    .default('refuse')
    .describe(
      'What an NHS number with a wrong check digit leads to. `warn` is a test mode: published examples fail the check.',
    ),
  limits: limitsSection.prefault({}).describe('What one request, and one partner, may ask of the engine.'),
  mappings: somePath.default('./mappings').describe('Directory of the mappings (`*.map.yaml`).'),
  terminology: somePath.default('./terminology').describe('Directory of the concept maps and value sets (JSON).'),
  releases: somePath
    .default('./var/terminology')
    .describe('Directory of the imported SNOMED CT releases (`hearback terminology import`).'),
  edition: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/)
    .optional()
    .describe('Imported edition that the engine runs on. Needed only when several are imported.'),
  terminologyServer: terminologyServerSection
    .optional()
    .describe('A FHIR terminology server that stands in the place of an imported release.'),
  serviceValueSet: z
    .string()
    .min(1)
    .default('social-prescribing-referral-services')
    .describe(
      'Value set (in the terminology directory) of the services that a referral may ask for. Others are refused.',
    ),
  metrics: metricsSection
    .optional()
    .describe(
      'A door of its own for Prometheus (`/metrics`). Left out, nothing is counted. What it shows holds no patient data.',
    ),
  traces: z
    .boolean()
    .default(false)
    .describe(
      'True makes a span of OpenTelemetry of each step, for the SDK that was loaded into the process (`node --import`). Spans hold ids and words, no patient data.',
    ),
  drainDelaySeconds: wholeNumber(0, 600)
    .default(0)
    .describe(
      'How long a stopping engine goes on taking messages while `/health/ready` says 503, so that a balancer in front sends them elsewhere. 0 where there is none.',
    ),
  drainSeconds: wholeNumber(0, 600).default(20).describe('How long a stopping engine waits for what is under way.'),
  console: consoleSection
    .optional()
    .describe('Web pages for auditors, engineers and operators, under /console. Left out, there are none.'),
  auditors: z
    .array(auditorSection)
    .default([])
    .describe('Who may read the message log over FHIR (AuditEvent, Provenance). Nobody, when left out.'),
  deadlines: deadlinesSection
    .prefault({})
    .describe('When a promise is late. Durations like P14D or PT1H; 30s or 5m for trials.'),
});
