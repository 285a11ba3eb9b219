import { asObject, type Check, type JsonObject, remark } from './structure-findings.ts';

/** What a type of Bundle wants of every entry: `must`, `must-not`, or nothing said. */
interface EntryRule {
  readonly request: 'must' | 'must-not';
  readonly response: 'must' | 'must-not';
  readonly search: 'may' | 'must-not';
}

const PLAIN: EntryRule = { request: 'must-not', response: 'must-not', search: 'must-not' };
const ENTRY_RULES: ReadonlyMap<string, EntryRule> = new Map([
  ['document', PLAIN],
  ['message', PLAIN],
  ['collection', PLAIN],
  ['searchset', { ...PLAIN, search: 'may' }],
  ['transaction', { ...PLAIN, request: 'must' }],
  ['batch', { ...PLAIN, request: 'must' }],
  ['transaction-response', { ...PLAIN, response: 'must' }],
  ['batch-response', { ...PLAIN, response: 'must' }],
  ['history', { request: 'must', response: 'must', search: 'must-not' }],
]);
/** bdl-11, bdl-12: the resource a Bundle of this type begins with. */
const FIRST: ReadonlyMap<string, string> = new Map([
  ['message', 'MessageHeader'],
  ['document', 'Composition'],
]);

/** The invariants of a Bundle, bdl-1 to bdl-12 (FHIR R4 bundle §2.36.5). Its elements have been checked one by one already. */
export function checkBundle(check: Check, bundle: JsonObject, at: string): void {
  const type = bundle['type'];
  if (typeof type !== 'string') return;
  const entries = Array.isArray(bundle['entry']) ? bundle['entry'].map(asObject) : [];
  if (Object.hasOwn(bundle, 'total') && type !== 'searchset' && type !== 'history')
    breach(check, `${at}.total`, {
      rule: 'bdl-1',
      message: 'A total stands in a Bundle that is no search result or history.',
      remedy: 'Leave total out.',
    });
  checkFirst(check, type, entries[0], at);
  if (type === 'document') checkDocument(check, bundle, at);
  const rule = ENTRY_RULES.get(type);
  const seen = new Set<string>();
  entries.forEach((entry, index) => {
    if (entry === undefined) return;
    const place = `${at}.entry[${index}]`;
    if (rule !== undefined) checkEntry(check, rule, entry, place);
    if (type !== 'history') checkFullUrl(check, seen, entry, place);
  });
}

/** `rule` is the invariant's id in the specification where it has one. */
interface Breach {
  readonly rule: string;
  readonly message: string;
  readonly remedy: string;
}

function breach(check: Check, at: string, { rule, message, remedy }: Breach): void {
  remark(check, at, { rule: `fhir/${rule}`, issue: 'invariant', message, remedy });
}

function checkFirst(check: Check, type: string, first: JsonObject | undefined, at: string): void {
  const wanted = FIRST.get(type);
  if (wanted === undefined || asObject(first?.['resource'])?.['resourceType'] === wanted) return;
  const invariant = type === 'message' ? 'bdl-12' : 'bdl-11';
  const message = `The first entry of a ${type} Bundle must be a ${wanted}.`;
  breach(check, first === undefined ? at : `${at}.entry[0]`, {
    rule: invariant,
    message,
    remedy: `Put the ${wanted} first.`,
  });
}

function checkDocument(check: Check, bundle: JsonObject, at: string): void {
  const identifier = asObject(bundle['identifier']);
  if (identifier?.['system'] === undefined || identifier['value'] === undefined)
    breach(check, at, {
      rule: 'bdl-9',
      message: 'A document must have an identifier with a system and a value.',
      remedy: 'Give the Bundle an identifier.',
    });
  if (!Object.hasOwn(bundle, 'timestamp'))
    breach(check, at, {
      rule: 'bdl-10',
      message: 'A document must say when it was assembled.',
      remedy: 'Give the Bundle a timestamp.',
    });
}

function checkEntry(check: Check, rule: EntryRule, entry: JsonObject, at: string): void {
  const has = (name: string): boolean => Object.hasOwn(entry, name);
  if (rule.request === 'must' && !has('request'))
    breach(check, at, {
      rule: 'bdl-3',
      message: 'An entry of this type of Bundle must say what is asked for.',
      remedy: 'Give the entry a request with method and url.',
    });
  if (rule.request === 'must-not' && has('request'))
    breach(check, `${at}.request`, {
      rule: 'bdl-3',
      message: 'A request stands in a Bundle that asks for nothing.',
      remedy: 'Leave request out, or send a transaction.',
    });
  if (rule.response === 'must' && !has('response'))
    breach(check, at, {
      rule: 'bdl-4',
      message: 'An entry of this type of Bundle must carry the answer.',
      remedy: 'Give the entry a response with a status.',
    });
  if (rule.response === 'must-not' && has('response'))
    breach(check, `${at}.response`, {
      rule: 'bdl-4',
      message: 'A response stands in a Bundle that answers nothing.',
      remedy: 'Leave response out.',
    });
  if (rule.search === 'must-not' && has('search'))
    breach(check, `${at}.search`, {
      rule: 'bdl-2',
      message: 'Search details stand in a Bundle that is no search result.',
      remedy: 'Leave search out.',
    });
  if (!has('resource') && !has('request') && !has('response'))
    breach(check, at, {
      rule: 'bdl-5',
      message: 'An entry holds neither a resource nor a request nor a response.',
      remedy: 'Give the entry its resource.',
    });
  checkRequestBody(check, entry, at);
}

/** What is created or updated must be there (FHIR R4 http §3.1.0.11.1). */
function checkRequestBody(check: Check, entry: JsonObject, at: string): void {
  const method = asObject(entry['request'])?.['method'];
  if ((method !== 'POST' && method !== 'PUT') || Object.hasOwn(entry, 'resource')) return;
  const message = 'An entry that creates or updates holds no resource.';
  breach(check, at, { rule: 'bundle-entry-resource', message, remedy: 'Give the entry the resource to store.' });
}

/** bdl-7, bdl-8: one entry per fullUrl (and version), and no version inside it. */
function checkFullUrl(check: Check, seen: Set<string>, entry: JsonObject, at: string): void {
  const fullUrl = entry['fullUrl'];
  if (typeof fullUrl !== 'string') return;
  if (fullUrl.includes('/_history/'))
    breach(check, `${at}.fullUrl`, {
      rule: 'bdl-8',
      message: 'A fullUrl names a version.',
      remedy: 'Give the url without /_history/ and put the version in meta.versionId.',
    });
  const version = asObject(asObject(entry['resource'])?.['meta'])?.['versionId'];
  const identity = `${fullUrl} ${typeof version === 'string' ? version : ''}`;
  if (seen.has(identity))
    breach(check, `${at}.fullUrl`, {
      rule: 'bdl-7',
      message: 'Two entries have the same fullUrl.',
      remedy: 'Give each resource its own fullUrl, and send each resource once.',
    });
  seen.add(identity);
}
