import { readContent } from '../../../core/content/read-content.ts';
import { HL7V2_TYPE } from '../../../core/hl7v2/media-type.ts';
import { readMessage } from '../../../core/hl7v2/read.ts';
import { messageTree } from '../../../core/hl7v2/tree.ts';
import type { MappingFrom } from '../../../core/mapping/direction.ts';
import type { Message } from '../../../core/message.ts';
import { rowsByElement, rowsByPointer, rowsOfSegments, type TreeRow } from './tree-rows.ts';

/** The elements of a message that no mapping read or made; none where it cannot be read. */
export function messageRows({
  contentType,
  headers,
  body,
}: Pick<Message, 'contentType' | 'headers' | 'body'>): TreeRow[] {
  if (contentType.startsWith(HL7V2_TYPE)) {
    const { message } = readMessage(body, headers['assumed-character-set']);
    return message === undefined ? [] : rowsOfSegments(messageTree(message));
  }
  const form = FORMS.find(([type]) => contentType.startsWith(type))?.[1];
  const { value } = form === undefined ? { value: undefined } : readContent(body, contentType, form);
  if (value === undefined) return [];
  return form === 'fhir/message' ? rowsByElement(value) : rowsByPointer(value, 'of-sender');
}

const FORMS: readonly (readonly [string, MappingFrom])[] = [
  ['application/fhir+json', 'fhir/message'],
  ['application/json', 'json'],
  ['application/xml', 'xml'],
  ['application/fhir+xml', 'xml'],
  ['application/x-www-form-urlencoded', 'form'],
];
