import type { Finding, IssueType, Place } from '../finding.ts';
import type { XmlFault } from './xml-fault.ts';

const ISSUES: Readonly<Record<XmlFault['kind'], { readonly issue: IssueType; readonly remedy: string }>> = {
  syntax: { issue: 'structure', remedy: 'Send one well-formed XML 1.0 document; nothing after this place was read.' },
  doctype: {
    issue: 'security',
    remedy: 'Send the document without <!DOCTYPE> and entities; characters can be written as they are in UTF-8.',
  },
  limit: { issue: 'too-costly', remedy: 'Send a smaller, flatter document.' },
  encoding: { issue: 'structure', remedy: 'Encode the document as UTF-8 and declare that, or declare nothing.' },
};

/** What is said of a document that was not read. */
export function documentFinding({ kind, what }: XmlFault, place: Place): Finding {
  const message = `The body is not XML that can be read here: ${what}.`;
  return { severity: 'error', rule: `xml/${kind}`, place, message, ...ISSUES[kind] };
}
