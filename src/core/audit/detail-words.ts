/**
 * What may stand in an entry of the message log besides ids: the words of `detail`, each with the shape of its value. Entries are
 * kept longest, are exported and shown to auditors; so a value is an id, a code, a count, an instant or a digest, and
 * never a text. The one exception is the reason that a person gives for a decision or a look, in that person's words.
 */
type Shape =
  | 'id'
  | 'code'
  | 'codes'
  | 'count'
  | 'flag'
  | 'instant'
  | 'digest'
  | 'element'
  | 'uri'
  | 'public-key'
  | 'signature'
  | 'reason';

const WORDS = {
  // What it is about: ids of ours, partner ids, names out of the configuration.
  ...shaped(
    'id',
    'leg',
    'event',
    'hold',
    'reading',
    'promise',
    'task',
    'resource',
    'patient',
    'partner',
    'owedBy',
    'by',
  ),
  ...shaped(
    'id',
    'reply',
    'insteadOf',
    'cause',
    'mapping',
    'file',
    'role',
    'session',
    'user',
    'target',
    'checkpoint',
    'key',
    'origin',
  ),
  // Which kind of it: words of ours, and codes of the standards.
  ...shaped(
    'code',
    'kind',
    'as',
    'is',
    'ask',
    'channel',
    'purpose',
    'level',
    'code',
    'how',
    'then',
    'rule',
    'verdict',
    'of-kind',
  ),
  ...shaped('code', 'command', 'trigger', 'what', 'outcome', 'status', 'setting', 'mapVersion', 'page'),
  ...shaped('codes', 'rules', 'routes', 'told', 'untold', 'elements', 'criteria', 'kinds', 'roles', 'partners'),
  ...shaped(
    'count',
    'bytes',
    'attempt',
    'part',
    'of',
    'results',
    'entries',
    'kept',
    'degraded',
    'lost',
    'notFound',
    'errors',
  ),
  ...shaped(
    'count',
    'line',
    'column',
    'version',
    'mappingVersion',
    'platforms',
    'legs',
    'claims',
    'failures',
    'found',
    'rows',
  ),
  ...shaped('count', 'answerStatus', 'size', 'bodies', 'shown', 'seq', 'loops', 'total', 'through', 'through', 'total'),
  ...shaped('flag', 'ofMessage', 'closed', 'withBodies', 'withBodies'),
  ...shaped('instant', 'dueAt', 'since', 'until', 'before'),
  ...shaped('digest', 'digest', 'answerDigest', 'mappingDigest', 'sent', 'terminology', 'root'),
  ...shaped('element', 'element', 'place'),
  ...shaped('uri', 'system', 'map', 'from', 'to'),
  ...shaped('public-key', 'from', 'to'),
  ...shaped('signature', 'fromSignature', 'toSignature'),
  reason: 'reason',
} as const satisfies Readonly<Record<string, Shape>>;

function shaped<W extends string, S extends Shape>(shape: S, ...words: readonly W[]): Record<W, S> {
  return Object.fromEntries(words.map((word) => [word, shape])) as Record<W, S>;
}

type Value = string | number | boolean;

const SHAPES: Readonly<Record<Shape, (value: Value) => boolean>> = {
  id: (value) => isText(value, /^[\w.:/@-]{0,400}$/),
  code: (value) => isText(value, /^[\w.:/|^+@-]{0,120}$/) || isCount(value) || isHidden(value),
  codes: (value) => isText(value, /^[\w.:/|^+@[\]()-]*(?: [\w.:/|^+@[\]()-]+)*$/),
  count: isCount,
  flag: (value) => typeof value === 'boolean',
  instant: (value) => isText(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/),
  digest: (value) => isText(value, /^[0-9a-f]{64}$/),
  element: (value) => isText(value, /^[\w.:/[\]()'=,~$|-]*$/),
  uri: (value) => isText(value, /^[^\s]{0,400}$/),
  'public-key': (value) => isText(value, /^[^\s+]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{44}$/),
  signature: (value) => isText(value, /^[A-Za-z0-9+/]{86}==$/),
  reason: (value) => typeof value === 'string',
};

/**
 * The words of an entry that may not stand there: not known, or with another kind of value than theirs. A `reason` is a person's.
 * Empty when it may be written as it is.
 */
export function unfitWords(actor: string, detail: Readonly<Record<string, Value>>): string[] {
  return Object.entries(detail)
    .filter(([word, value]) => {
      const shape = shapeOf(word);
      if (shape === 'reason' && !actor.startsWith('user:')) return true;
      return shape === undefined || !SHAPES[shape](value);
    })
    .map(([word]) => word);
}

function shapeOf(word: string): Shape | undefined {
  return Object.hasOwn(WORDS, word) ? WORDS[word as keyof typeof WORDS] : undefined;
}

function isText(value: Value, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function isCount(value: Value): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** How a code is named that may be somebody's words. */
function isHidden(value: Value): boolean {
  return isText(value, /^(?:the code [\w.:/-]{1,40}|a code that is not shown here \(sha256 [0-9a-f]{12}…\))$/);
}
