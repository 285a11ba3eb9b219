import type { ConsumeMessage } from 'amqplib';
import type { OutcomeDialect } from '../../core/fhir/operation-outcome.ts';
import type { Finding } from '../../core/finding.ts';
import type { ReadCarriedFhir } from '../../ports.ts';
import type { Taken } from './inlet.ts';
import { flaw, type MessageTerms, readProperties, textOf } from './read-properties.ts';
import { withoutLongBody } from './too-long-body.ts';

/** What is agreed with a GP system about its messages. */
export interface FhirTerms extends MessageTerms {
  readonly dialect: OutcomeDialect;
  /** The one exchange that answers go to; the sender asks for one by naming it as `reply-to`. */
  readonly answers: string;
}

/**
 * Makes of a GP system's message what the road takes. Where its answer goes is not for the message to say: an address out of a
 * message would have us speak, with our own rights, into any queue of the broker, another partner's inlet among them. So `reply-to`
 * only says that an answer is wanted, and any other name than the agreed one is refused.
 */
export function readFhir(message: ConsumeMessage, terms: FhirTerms, read: ReadCarriedFhir): Taken {
  const { type: _, ...came } = readProperties(message, terms);
  const replyTo = textOf(message.properties.replyTo);
  const isAllowed = replyTo === undefined || replyTo === terms.answers;
  const findings = [...came.findings, ...(isAllowed ? [] : [strangeReplyTo(terms)])];
  const prepared = read({ ...came, dialect: terms.dialect, findings });
  const arrival = withoutLongBody(prepared.arrival, terms.maxBytes);
  return { ...prepared, arrival, ...(replyTo === terms.answers && { answersTo: terms.answers }) };
}

function strangeReplyTo({ answers }: FhirTerms): Finding {
  return flaw(
    { rule: 'amqp/reply-to', expression: 'reply-to', issue: 'forbidden' },
    'Answers do not go to the queue that reply-to names.',
    `Set the property reply-to to "${answers}" for an answer, or leave it out.`,
  );
}
