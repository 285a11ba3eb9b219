/** Why a document was not read. */
export interface XmlFault {
  readonly kind: 'syntax' | 'doctype' | 'limit' | 'encoding';
  readonly at: number;
  /** Completes "The body is not XML that can be read here: ...". Never repeats the body. */
  readonly what: string;
}

/** Where the parser stood when it refused the document. All offsets count in the text from 0. */
export interface Refusal {
  readonly text: string;
  /** Just behind the character that was refused. */
  readonly position: number;
  /** Where the first piece begins that is not whole: a tag, an attribute, a text, a comment. */
  readonly from: number;
  /** The last `<` that began an element. */
  readonly tagAt: number;
}

interface Saying {
  /** How the message of saxes begins. */
  readonly of: RegExp;
  readonly what: string;
  readonly place?: 'tag' | 'end tag' | 'text' | 'unfinished';
}

const BARE_AMPERSAND = 'an "&" is not followed by a reference that XML has without a document type';

/** Own words for what saxes says: its messages hold names from the document, which may be anything. The first that fits. */
const SAYINGS: readonly Saying[] = [
  { of: /entity/, what: BARE_AMPERSAND },
  { of: /^unbound namespace/, what: 'a namespace prefix is not declared', place: 'tag' },
  { of: /^duplicate attribute/, what: 'an attribute stands twice in one element', place: 'tag' },
  { of: /^malformed name/, what: 'a name has a colon where it can have none', place: 'tag' },
  { of: /namespace|prefix|undefine|URI/, what: 'a namespace is declared in a way that XML forbids', place: 'tag' },
  { of: /^documents may/, what: 'there is more than one root element', place: 'tag' },
  { of: /clos(e|ing) tag/, what: 'an end tag does not belong to the element that is open', place: 'end tag' },
  { of: /^document must/, what: 'it holds no element', place: 'unfinished' },
  { of: /^unclosed tag|^unexpected end/, what: 'it ends before all that it opened is closed', place: 'unfinished' },
  { of: /^text data/, what: 'text stands outside the root element', place: 'text' },
  { of: /^malformed comment/, what: 'two hyphens stand inside a comment' },
  { of: /processing instruction/, what: 'a processing instruction is broken' },
  { of: /tag name/, what: 'a "<" is not followed by the name of an element' },
  { of: /attribute|slash/, what: 'a start tag is broken' },
  { of: /^disallowed character/, what: 'a character stands where XML does not allow it' },
  { of: /]]>/, what: 'the end of a CDATA section stands in text' },
  { of: /declaration|^expected|^did not|^v|^encoding|^standalone|^whitespace/, what: 'its XML declaration is broken' },
];

/** What saxes found wrong, in our words and at the place where it began. */
export function faultOf(message: string, refusal: Refusal): XmlFault {
  if (isDeclaration(refusal.text, refusal.from)) return doctypeFault(refusal.from);
  const bare = bareAmpersandAt(refusal);
  if (bare !== undefined) return { kind: 'syntax', at: bare, what: BARE_AMPERSAND };
  const said = SAYINGS.find(({ of }) => of.test(nameless(message)));
  return { kind: 'syntax', at: placeOf(said, refusal), what: said?.what ?? 'it is not well-formed' };
}

export function doctypeFault(at: number): XmlFault {
  return { kind: 'doctype', at, what: 'it holds a document type or entity declaration, which is never read' };
}

/** Without what saxes quotes from the document: a name could hold the words that are looked for. */
function nameless(message: string): string {
  return message.replace(/^([a-z ]+: ).*$/s, '$1');
}

function placeOf(said: Saying | undefined, { text, position, from, tagAt }: Refusal): number {
  const last = Math.min(Math.max(position - 1, 0), text.length);
  switch (said?.place) {
    case 'tag':
      return tagAt;
    case 'end tag':
      return Math.max(text.lastIndexOf('<', last), 0);
    case 'text':
      return from + Math.max(text.slice(from).search(/\S/), 0);
    case 'unfinished':
      return text.startsWith('<', from) ? from : text.length;
    default:
      return last;
  }
}

/** `<!DOCTYPE` and all else that only document types hold, closed or not: saxes calls some of it bad syntax. */
export function isDeclaration(text: string, at: number): boolean {
  return text.startsWith('<!', at) && !text.startsWith('<!--', at) && !text.startsWith('<![CDATA[', at);
}

/** saxes reads on from an `&` to the next `;`, which may be far away, so that its place would mislead. */
function bareAmpersandAt({ text, from, position }: Refusal): number | undefined {
  const markup = text.indexOf('<', from);
  const end = markup === -1 ? position : Math.min(markup, position);
  const found = text.slice(from, end).search(/&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)/);
  return found === -1 ? undefined : from + found;
}
