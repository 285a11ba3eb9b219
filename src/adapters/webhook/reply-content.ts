import { type Finding, hasErrors } from '../../core/finding.ts';
import { readJson } from '../../core/json/strict-json.ts';

const MAX_DEPTH = 32;
const MAX_FINDINGS = 20;
const MAX_REFERENCE = 200;

/** A reply's body as JSON; undefined when it is not declared as JSON or cannot be read without doubt. */
export function jsonOf(contentType: string, body: Uint8Array): unknown {
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType)) return undefined;
  const reading = readJson(body, { maxDepth: MAX_DEPTH });
  return hasErrors(reading.findings) ? undefined : reading.value;
}

/**
 * The platform's own reference, where `pointer` (RFC 6901) leads in its reply. Only a text counts: a JSON number may have lost
 * digits before we saw it.
 */
export function referenceAt(content: unknown, pointer: string): string | undefined {
  const found = pointer.split('/').slice(1).map(unescaped).reduce<unknown>(member, content);
  if (typeof found !== 'string' || found.trim() === '' || found.length > MAX_REFERENCE) return undefined;
  return found;
}

function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

/**
 * What a problem document (RFC 9457) lists in `errors`: for each the pointer and the rule, and nothing else. Its sentences may
 * repeat what we sent; and a pointer or rule that is not plainly one is left out for the same reason.
 */
export function problemFindings(content: unknown): Finding[] {
  const errors = member(content, 'errors');
  if (!Array.isArray(errors)) return [];
  return errors.slice(0, MAX_FINDINGS).flatMap((error: unknown) => {
    const pointer = plain(member(error, 'pointer'), POINTER);
    const rule = plain(member(error, 'rule'), RULE);
    return pointer === undefined && rule === undefined ? [] : [refusedBy(pointer, rule)];
  });
}

/** Names as a schema has them; digits at most four in a row (an index), so that no NHS or telephone number fits. */
const POINTER = /^#?(?:\/(?!\d{5})(?:[A-Za-z_~-]|\d(?!\d{4})){1,60}){1,20}$/;
const RULE = /^[a-z](?:[a-z_./-]|\d(?!\d{4})){0,80}$/i;

function plain(value: unknown, shape: RegExp): string | undefined {
  return typeof value === 'string' && shape.test(value) ? value : undefined;
}

function refusedBy(pointer: string | undefined, rule: string | undefined): Finding {
  return {
    severity: 'error',
    rule: 'webhook/refused-element',
    place: pointer === undefined ? {} : { expression: pointer.replace(/^#/, '') },
    message:
      rule === undefined ? 'The platform refuses this element.' : `The platform refuses it by its rule "${rule}".`,
    remedy: 'Compare the mapping with what the platform asks for, and retry the hold.',
  };
}
