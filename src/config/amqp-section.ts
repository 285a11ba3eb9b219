import { z } from 'zod';
import { outletMappings, sending } from './outlet-sending.ts';
import { secretSource } from './secret-source.ts';
import { kebabName, mappingName, somePath, textLike, wholeNumber } from './values.ts';
import { writeBackSection } from './write-back-section.ts';

/** A broker (RabbitMQ), common to all partners that speak AMQP over it. */
export const brokerSection = z.strictObject({
  name: kebabName.describe('Short name, by which inlets and outlets of type amqp name it.'),
  url: secretSource.describe(
    'Where it is and as whom to sign in: `amqps://user:password@host:port/vhost`, from an environment variable or a file. Without user and password the client certificate says who we are (SASL EXTERNAL).',
  ),
  tls: z
    .strictObject({
      ca: somePath
        .optional()
        .describe('PEM file with the authorities that may have signed its certificate; the public ones when left out.'),
      cert: somePath.optional().describe('PEM file with the client certificate to show.'),
      key: somePath.optional().describe('PEM file with the key of that certificate.'),
      serverName: z.string().min(1).optional().describe('Name in its certificate, when it is not the host of the URL.'),
    })
    .optional()
    .describe('Files for TLS (1.2 or later), for an `amqps` URL.'),
  local: z
    .boolean()
    .default(false)
    .describe('True when it stands on the same machine or private network: then an `amqp` URL is allowed.'),
  heartbeatSeconds: wholeNumber(1, 600)
    .default(10)
    .describe('How often each side says that it is there; after two of them in silence the connection is made anew.'),
});

/** 127 bytes are what the names made from it leave room for (AMQP: a short string of 255). */
const amqpName = textLike(/^(?!amq\.)[A-Za-z0-9_.:-]{1,127}$/, {
  rule: 'config/bad-amqp-name',
  message: 'This is not a name for a queue or an exchange.',
  remedy:
    'Write letters, digits, ".", ":", "_" and "-", at most 127 of them; names that begin with "amq." are the broker\'s.',
});

const topicPattern = textLike(/^(?:#|\*|[A-Za-z0-9_:-]+)(?:\.(?:#|\*|[A-Za-z0-9_:-]+))*$/, {
  rule: 'config/bad-topic',
  message: 'This is not a topic pattern.',
  remedy: 'Write words with dots between, "*" for any one word, "#" for any number of them, in quotes: "casework.#".',
});

const routingKey = textLike(/^(?:[A-Za-z0-9_.:-]|\{type\}){1,127}$/, {
  rule: 'config/bad-routing-key',
  message: 'This is not a routing key.',
  remedy: 'Write words with dots between; "{type}" stands for the type of the message: "casework.{type}".',
});

const messageType = textLike(/^[!-~]{1,255}$/, {
  rule: 'config/bad-message-type',
  message: 'This is not the type of a message.',
  remedy: 'Write the `type` property as the partner sets it: printable characters without blanks.',
});

const broker = kebabName.describe('Name of its broker in `engine.brokers`.');
const declare = z
  .boolean()
  .default(true)
  .describe(
    "False when the broker's owner declares queues, exchanges and bindings: then it is only looked whether they are there.",
  );

export const amqpInlet = z.strictObject({
  type: z.literal('amqp').describe('The partner publishes messages to a broker (AMQP 0-9-1).'),
  broker,
  queue: amqpName.describe(
    'Queue that its messages are taken from. One partner, one queue: whoever may write to it is this partner.',
  ),
  exchange: amqpName.optional().describe('Exchange (topic) that it publishes to; named as the queue when left out.'),
  bind: z.array(topicPattern).min(1).default(['#']).describe('Which routing keys lead from the exchange to the queue.'),
  refused: amqpName
    .optional()
    .describe(
      'Name of the exchange and the queue that refused messages go to, with the reason; the name of the queue and ".refused" when left out.',
    ),
  answers: amqpName
    .optional()
    .describe(
      'Of a GP system: name of the exchange and the queue that answers go to, when a message names it as `reply-to`; the name of the queue and ".answers" when left out.',
    ),
  declare,
  mapping: mappingName
    .optional()
    .describe('Of a platform: the mapping that reads its reports, whatever their type. Or `mappings`.'),
  mappings: z
    .record(messageType, mappingName)
    .optional()
    .describe(
      'Of a platform, by the `type` property of a message: the mapping that reads it. Other types are refused.',
    ),
  dialect: z
    .enum(['plain', 'bars'])
    .optional()
    .describe(
      'Of a GP system, which sends FHIR: `bars` has errors with the codes of the NHS Booking and Referral Standard; `plain` when left out.',
    ),
  userId: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe(
      "The partner's user at the broker. Set, each message must bear it as `user-id`, which the broker compares with who signed in.",
    ),
  prefetch: wholeNumber(1, 1_000)
    .default(20)
    .describe(
      'Messages that the broker sends ahead. Held in memory: so many times the longest message that the broker takes.',
    ),
  maxBytes: wholeNumber(1_024, 100 * 1024 * 1024)
    .default(1024 * 1024)
    .describe('Longest body that is accepted, in bytes.'),
});

export const amqpOutlet = z.strictObject({
  type: z.literal('amqp').describe('Hearback publishes messages to a broker (AMQP 0-9-1).'),
  broker,
  queue: amqpName
    .optional()
    .describe(
      'Queue that the partner takes its messages from. Left out only where `exchange` leads to a queue that the partner binds.',
    ),
  exchange: amqpName
    .optional()
    .describe(
      'Exchange (topic) to publish to; named as the queue when left out. Several partners may share one: see `routingKey`.',
    ),
  routingKey: routingKey
    .default('{type}')
    .describe(
      'Routing key. `{type}` is the type of the message: the key that the mapping gives it (`to: messages`), or else referral, update, cancel, write-back or document.',
    ),
  bind: z.array(topicPattern).min(1).default(['#']).describe('Which routing keys lead from the exchange to the queue.'),
  declare,
  mappings: outletMappings
    .optional()
    .describe('What a platform is sent, one mapping for each purpose. A GP system is sent FHIR.'),
  idempotent: z
    .boolean()
    .default(false)
    .describe(
      'True when the receiver promises that the same message-id has one effect. Otherwise a message whose confirmation was lost waits for a person.',
    ),
  acknowledges: z
    .enum(['transport', 'technical', 'business'])
    .default('transport')
    .describe(
      'What counts as delivered: `transport` that the broker has it safe, `business` that the platform itself has said something about the referral. Of a GP system: that it acknowledges the message by one to our inlet, `technical` when its system has it, `business` when it is filed.',
    ),
  writeBack: writeBackSection
    .optional()
    .describe('What a practice wants of what is written into its record; without it an item for each event.'),
  ...sending,
});
