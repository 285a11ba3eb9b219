import type { Finding } from '../../core/finding.ts';
import { encodingFinding } from '../../core/json/json-findings.ts';
import { positionsIn, type TextPosition } from '../../core/json/text-position.ts';
import { decodeUtf8 } from '../../core/json/utf8.ts';
import { documentFinding } from '../../core/xml/document-finding.ts';
import { readXml } from '../../core/xml/xml-document.ts';
import { loadR4Model } from './r4-definitions.ts';
import { type ContentFault, FHIR_NAMESPACE, resourceToJson } from './xml-content.ts';
import { XHTML_NAMESPACE } from './xml-narrative.ts';
import { writeResource } from './xml-writing.ts';

/** `content` is absent when the document could not be read. */
interface XmlContent {
  readonly content?: unknown;
  readonly findings: Finding[];
}

const MAX_DEPTH = 100;
const MAX_ELEMENTS = 100_000;
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_FINDINGS = 100;

/**
 * Reads a FHIR R4 resource in XML as the JSON that says the same. Refuses other encodings than UTF-8, document types and
 * entities, too much depth and size; malformed XML is a finding, never an exception. What JSON can hold although R4 does
 * not allow it (unknown elements, repetitions) is carried over for `checkStructure` to name.
 * saxes reads the XML. What it means in FHIR is not left to the package `fhir`, which loses data: it drops unknown elements
 * and all but the last of a repeated one in silence, throws on a boolean with only an extension, loses the place of
 * extensions in lists of primitives, reads decimals as text, and takes time by the square of the number of elements.
 */
export function xmlToFhirJson(bytes: Uint8Array, maxElements: number = MAX_ELEMENTS): XmlContent {
  if (bytes.length > MAX_BYTES)
    return { findings: [documentFinding({ kind: 'limit', at: 0, what: 'it is too long' }, {})] };
  const decoded = decodeUtf8(bytes);
  if (!decoded.ok) return { findings: [encodingFinding('xml', decoded)] };
  const reading = readXml(decoded.text, { maxDepth: MAX_DEPTH, maxElements });
  const position = positionsIn(decoded.text);
  if (!reading.ok) return { findings: [documentFinding(reading.fault, position(reading.fault.at))] };
  const { root } = reading;
  if (root.namespace !== FHIR_NAMESPACE)
    return { findings: [contentFinding({ kind: 'namespace', element: root, path: root.name }, position(root.at))] };
  const faults: ContentFault[] = [];
  const content = resourceToJson({ model: loadR4Model(), faults }, root, root.name);
  const listed = faults.slice(0, MAX_FINDINGS).map((fault) => contentFinding(fault, position(fault.element.at)));
  return { content, findings: listed };
}

/** Writes a resource that has been checked as FHIR XML. Throws on elements that R4 does not have: that is our own fault. */
export function fhirJsonToXml(resource: unknown): string {
  const parts = ['<?xml version="1.0" encoding="UTF-8"?>\n'];
  writeResource({ model: loadR4Model(), parts }, resource, ` xmlns="${FHIR_NAMESPACE}"`);
  return parts.join('');
}

const CONTENT_TEXTS: Readonly<Record<ContentFault['kind'], Pick<Finding, 'severity' | 'message' | 'remedy'>>> = {
  namespace: {
    severity: 'error',
    message: 'An element is in another namespace than FHIR wants here.',
    remedy: `Use ${FHIR_NAMESPACE} for all elements, and ${XHTML_NAMESPACE} for the div of a narrative.`,
  },
  attribute: {
    severity: 'error',
    message: 'An element carries an attribute that FHIR does not have there.',
    remedy: 'FHIR has the attributes value (primitives), id (elements) and url (extensions) only.',
  },
  text: {
    severity: 'error',
    message: 'Text stands between elements, where FHIR has none.',
    remedy: 'Put values into the value attribute.',
  },
  resource: {
    severity: 'error',
    message: 'This element must hold exactly one resource and nothing else.',
    remedy: 'Put one resource inside it; repeat the element for more.',
  },
  precision: {
    severity: 'warning',
    message: 'A number has more digits than survive being read as a number.',
    remedy: 'Send measurements with the digits that were measured.',
  },
  name: {
    severity: 'error',
    message: 'The name of an element begins with an underscore.',
    remedy: 'Write ids as attributes and extensions as elements inside the element they belong to.',
  },
};

function contentFinding({ kind, path }: ContentFault, position: TextPosition): Finding {
  return { ...CONTENT_TEXTS[kind], rule: `xml/${kind}`, issue: 'structure', place: { ...position, expression: path } };
}
