const ACTIVE_ELEMENT =
  /<(?:script|iframe|frame|frameset|object|embed|applet|form|base|link|meta|head|body)[\s/>]|<!(?:doctype|entity)/i;
const ACTIVE_LINK = /(?:href|src)\s*=\s*["']\s*(?:javascript|vbscript):/i;
/** What can stand inside a tag. A quoted value is taken whole, so that its text is not read as attributes. */
const IN_TAG = /"[^"]*"|'[^']*'|\bon[a-z]+\s*=|>/gi;

/**
 * Whether a text is one div without anything that runs or loads when somebody else's system shows it (FHIR R4 narrative
 * §2.28.3). It does not prove that the XHTML is well-formed.
 */
export function isSafeNarrative(xhtml: string): boolean {
  const trimmed = xhtml.trim();
  if (!/^<div[\s>/]/.test(trimmed) || !/(?:<\/div\s*|\/)>$/.test(trimmed.slice(-20))) return false;
  return !ACTIVE_ELEMENT.test(trimmed) && !ACTIVE_LINK.test(trimmed) && !hasEventHandler(trimmed);
}

function hasEventHandler(xhtml: string): boolean {
  let at = xhtml.indexOf('<');
  while (at !== -1) {
    const end = xhtml.startsWith('<!--', at) ? afterComment(xhtml, at) : afterTag(xhtml, at);
    if (end === undefined) return true;
    at = xhtml.indexOf('<', end);
  }
  return false;
}

function afterComment(xhtml: string, at: number): number {
  const end = xhtml.indexOf('-->', at);
  return end === -1 ? xhtml.length : end + 3;
}

/** The offset behind the tag, or undefined when the tag carries an event handler. */
function afterTag(xhtml: string, at: number): number | undefined {
  IN_TAG.lastIndex = at;
  for (let match = IN_TAG.exec(xhtml); match !== null; match = IN_TAG.exec(xhtml)) {
    if (match[0] === '>') return IN_TAG.lastIndex;
    if (match[0].endsWith('=')) return undefined;
  }
  return xhtml.length;
}
