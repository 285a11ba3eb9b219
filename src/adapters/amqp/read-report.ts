import type { ConsumeMessage } from 'amqplib';
import type { ContentLimits } from '../../core/content/content-reading.ts';
import { readContent } from '../../core/content/read-content.ts';
import type { Finding } from '../../core/finding.ts';
import type { MappingFrom } from '../../core/mapping/direction.ts';
import { problemDocument } from '../../core/problem-document.ts';
import type { Arrival } from '../../ports.ts';
import type { Taken } from './inlet.ts';
import { problemReasons } from './problem-reasons.ts';
import { flaw, type MessageTerms, readProperties } from './read-properties.ts';
import { renderVerdict } from './render-verdict.ts';
import { withoutLongBody } from './too-long-body.ts';

/** What is agreed with a platform about its reports. */
export interface ReportTerms extends MessageTerms {
  /** The mapping that reads messages of this type; undefined when none is agreed. */
  readonly mappingOf: (type: string | undefined) => string | undefined;
  /** The agreed types, for who sends another one; empty when any will do. */
  readonly types: readonly string[];
}

export interface ReadingGiven {
  readonly limits: ContentLimits;
  /** What a mapping reads, by its name; asked with each message, since mappings can change while messages come. */
  readonly reads: (mapping: string) => MappingFrom;
}

/** Makes of a platform's message what the road takes, read by the mapping that its type names. */
export function readReport(message: ConsumeMessage, terms: ReportTerms, given: ReadingGiven): Taken {
  const { type, unreadable, ...came } = readProperties(message, terms);
  const mapping = terms.mappingOf(type);
  const findings = [...came.findings, ...(mapping === undefined ? [unknownType(terms)] : [])];
  const reading =
    mapping === undefined || unreadable
      ? { findings: [] }
      : readContent(came.body, came.contentType, given.reads(mapping), given.limits);
  const arrival: Arrival = {
    ...withoutLongBody(came, terms.maxBytes),
    ...('value' in reading && reading.value !== undefined && { content: reading.value }),
    findings: [...findings, ...reading.findings],
    ask: { kind: 'platform-report', mapping: mapping ?? '' },
  };
  return {
    arrival,
    render: renderVerdict,
    onFault: (finding) => problemDocument(500, 'The message could not be recorded.', { findings: [finding] }),
    reasons: problemReasons,
  };
}

function unknownType({ types }: ReportTerms): Finding {
  return flaw(
    { rule: 'amqp/type', expression: 'type', issue: 'not-supported' },
    'Messages of this type are not agreed with you.',
    `Set the property type to one of: ${types.join(', ')}.`,
  );
}
