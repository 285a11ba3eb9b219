import { writeTree } from '../../hl7v2/write-tree.ts';
import type { MappingTo } from '../direction.ts';
import { isObject } from '../plain-value.ts';
import { writeXml } from './xml-tree.ts';

/** One message ready to be sent. */
export interface WrittenResult {
  readonly contentType: string;
  readonly text: string;
  /** Which of several messages it is (`to: messages`): a routing key or type. */
  readonly key?: string;
}

/**
 * Writes the result of a run without errors as what is sent: one message, or for `messages` as many as there are, in
 * order. The same result gives the same text.
 */
export function writeResult(to: MappingTo, result: unknown): WrittenResult[] {
  switch (to) {
    case 'xml':
      return [{ contentType: 'application/xml', text: writeXml(result) }];
    case 'form':
      return [{ contentType: 'application/x-www-form-urlencoded', text: formText(result) }];
    case 'messages':
      return (Array.isArray(result) ? result : []).filter(isObject).map(({ key, body }) => ({
        contentType: 'application/json',
        text: JSON.stringify(body),
        key: String(key),
      }));
    case 'hl7v2':
      return [{ contentType: 'application/hl7-v2', text: writeTree(result) }];
    case 'json':
      return [{ contentType: 'application/json', text: JSON.stringify(result) }];
    default:
      return [{ contentType: 'application/fhir+json', text: JSON.stringify(result) }];
  }
}

function formText(result: unknown): string {
  const fields = isObject(result) ? Object.entries(result) : [];
  // A lone half of a surrogate pair becomes U+FFFD here, as in every form that a browser sends.
  return new URLSearchParams(fields.map(([name, value]): [string, string] => [name, String(value)])).toString();
}
