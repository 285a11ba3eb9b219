import type { Finding } from '../finding.ts';
import type { MappingFrom } from '../mapping/direction.ts';

/** The forms in which a report can come. */
export type ContentForm = 'json' | 'form' | 'xml' | 'csv';

const TYPES: Readonly<Record<ContentForm, readonly string[]>> = {
  json: ['application/json'],
  form: ['application/x-www-form-urlencoded'],
  xml: ['application/xml', 'text/xml'],
  csv: ['text/csv'],
};

const FORMS: Readonly<Record<MappingFrom, ContentForm | undefined>> = {
  json: 'json',
  form: 'form',
  xml: 'xml',
  csv: 'csv',
  'fhir/message': 'json',
  // The dossier comes from the record, and HL7 v2 by a channel of its own.
  'fhir/referral': undefined,
  hl7v2: undefined,
};

/** The form that a mapping reads; undefined when it reads nothing that comes as the body of a request. */
export function formOf(from: MappingFrom): ContentForm | undefined {
  return FORMS[from];
}

/** Says that a body is declared as something that the mapping does not read (RFC 9110, section 15.5.16). */
export function mediaTypeFinding(contentType: string, from: MappingFrom): Finding | undefined {
  const form = formOf(from);
  const accepted =
    form === undefined ? [] : [...TYPES[form], ...(from === 'fhir/message' ? ['application/fhir+json'] : [])];
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const charset = parameters
    .map((one) => /^\s*charset\s*=\s*"?([^"\s]*)/.exec(one)?.[1])
    .find((one) => one !== undefined);
  const isRead = accepted.includes(type.trim());
  if (isRead && (charset === undefined || charset === 'utf-8' || charset === 'us-ascii')) return undefined;
  return {
    severity: 'error',
    rule: 'report/media-type',
    place: { expression: 'Content-Type' },
    message: isRead
      ? 'The body is declared in another encoding than UTF-8.'
      : 'The body is not declared as what is agreed with this partner.',
    remedy:
      accepted.length === 0
        ? 'Reports are not read here: ask the operator.'
        : `Send the report in UTF-8 with Content-Type: ${accepted.join(' or ')}.`,
    issue: 'not-supported',
  };
}
