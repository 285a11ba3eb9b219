import type { XmlElement } from '../../core/xml/xml-document.ts';

export const XHTML_NAMESPACE = 'http://www.w3.org/1999/xhtml';

/** Elements that HTML writes without an end tag; all others get one, so that browsers read the text as it was meant. */
const VOID = new Set(['br', 'hr', 'img', 'col', 'area', 'input', 'wbr']);

/** A narrative's div as text: JSON keeps XHTML in a string, with its namespace on the div (FHIR R4 narrative §2.28). */
export function xhtmlText(div: XmlElement): string {
  const parts: string[] = [];
  write(parts, div, ` xmlns="${XHTML_NAMESPACE}"`);
  return parts.join('');
}

/** Recursive: the reader has bounded the depth. */
function write(parts: string[], element: XmlElement, declaration: string): void {
  parts.push(`<${element.name}${declaration}`);
  for (const [prefix, uri] of element.prefixes) parts.push(` xmlns:${prefix}="${escapeAttribute(uri)}"`);
  for (const [name, value] of element.attributes) parts.push(` ${name}="${escapeAttribute(value)}"`);
  if (element.children.length === 0 && VOID.has(element.name)) {
    parts.push('/>');
    return;
  }
  parts.push('>');
  for (const child of element.children) {
    if (typeof child === 'string') parts.push(escapeText(child));
    else write(parts, child, '');
  }
  parts.push(`</${element.name}>`);
}

/** For element content. What XML 1.0 has no character for becomes U+FFFD. */
export function escapeText(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;');
}

/** For attributes in double quotes. Line breaks and tabs as references: as written they would come back as spaces. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#xA;').replaceAll('\t', '&#x9;');
}

function printable(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r\u007f-\u009f]|[\ufffe\uffff\ud800-\udfff]/gu, '\ufffd');
}
