import type { Finding } from '../finding.ts';
import { judgeCode } from './judge-code.ts';
import { isJsonObject } from './resource-flaw.ts';

/** Deeper than any report that is taken. */
const MAX_DEPTH = 100;

/**
 * Codes in a platform's JSON that came as numbers: an object with a `system` and a `code` that is none. Their digits are
 * lost already, so that nothing behind the door could tell what was meant.
 */
export function numberCodes(content: unknown): Finding[] {
  const found: Finding[] = [];
  const visit = (node: unknown, at: string, depth: number): void => {
    if (typeof node !== 'object' || node === null || depth > MAX_DEPTH) return;
    if (isJsonObject(node) && typeof node['system'] === 'string' && typeof node['code'] === 'number') {
      const judged = judgeCode(node['system'], node['code'], undefined, { displays: () => [], concepts: [] });
      if (judged.verdict === 'not-text') found.push(refused(`${at}/code`, judged.why));
    }
    for (const [name, value] of Object.entries(node)) {
      visit(value, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 1);
    }
  };
  visit(content, '', 0);
  return found;
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
