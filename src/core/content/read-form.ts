import type { Finding } from '../finding.ts';
import type { ContentLimits, ContentReading } from './content-reading.ts';
import { addMember } from './own-members.ts';

/**
 * Reads `application/x-www-form-urlencoded` (WHATWG URL, section 5.1) as one object of texts by field; a field that stands
 * several times is a list. What is percent-encoded must be UTF-8.
 */
export function readForm(text: string, { maxNodes }: Pick<ContentLimits, 'maxNodes'>): ContentReading {
  const parts = text.split('&').filter((part) => part !== '');
  if (parts.length > maxNodes) return { findings: [flaw('form/too-many-values', 'The form has too many fields.')] };
  const fields: Record<string, unknown> = {};
  const findings: Finding[] = [];
  for (const part of parts) {
    const [name = '', ...rest] = part.split('=');
    const [field, value] = [decoded(name), decoded(rest.join('='))];
    if (field === undefined || value === undefined)
      findings.push(flaw('form/encoding', 'A field is not percent-encoded as UTF-8.'));
    else if (!addMember(fields, field, value))
      findings.push(flaw('form/forbidden-key', 'A field is named "__proto__".', 'security'));
  }
  const [first] = findings;
  return first === undefined ? { value: fields, findings } : { findings: [first] };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function flaw(rule: string, message: string, issue: Finding['issue'] = 'structure'): Finding {
  const remedy = 'Send the form as browsers do: names and values percent-encoded in UTF-8, each field once.';
  return { severity: 'error', rule, place: {}, message, remedy, ...(issue !== undefined && { issue }) };
}
