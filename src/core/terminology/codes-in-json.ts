import type { Finding } from '../finding.ts';
import { judgeCode } from './judge-code.ts';
import { isJsonObject } from './resource-flaw.ts';

/** Deeper than any report that is taken. */
const MAX_DEPTH = 100;

/**
 * Codes in a platform's JSON that came as numbers: an object with a `system` and a `code` that is none. Their digits are
 * lost already, so that nothing behind the door could tell what was meant. Places are JSON Pointers (RFC 6901).
 */
export function numberCodes(content: unknown): Finding[] {
  const found: Finding[] = [];
  visit(content, [], found);
  return found;
}

/** Every report goes through here: `path` is written out only for what is found. */
function visit(node: unknown, path: string[], found: Finding[]): void {
  if (typeof node !== 'object' || node === null || path.length > MAX_DEPTH) return;
  if (isJsonObject(node) && typeof node['system'] === 'string' && typeof node['code'] === 'number') {
    const judged = judgeCode(node['system'], node['code'], undefined, { displays: () => [], concepts: [] });
    if (judged.verdict === 'not-text') found.push(refused(pointer([...path, 'code']), judged.why));
  }
  for (const name of Object.keys(node)) {
    const value: unknown = Reflect.get(node, name);
    if (typeof value !== 'object') continue;
    path.push(name);
    visit(value, path, found);
    path.pop();
  }
}

function pointer(path: readonly string[]): string {
  return path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function refused(expression: string, why: string): Finding {
  return {
    severity: 'error',
    rule: 'code/number',
    place: { expression },
    message: `The code is a number. ${why}`,
    remedy: 'Send it in quotes, as its source has it.',
    issue: 'value',
  };
}
