import { readJson } from '../../core/json/strict-json.ts';
import type { Answer } from '../../core/message.ts';
import type { Reason } from '../../ports.ts';
import { bodyFormat } from './negotiate.ts';
import { xmlToFhirJson } from './xml.ts';

type Node = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 50;
/** As `toOperationOutcome` writes it: the remedy, then in brackets the rule, and a place that is no FHIRPath. */
const DIAGNOSTICS = /^(.*) \[([a-z0-9-]+\/[a-z0-9-]+)(?: at (.*))?\]$/s;

/** The errors of an OperationOutcome of ours, out of the answer that bears it; none where it is something else. */
export function outcomeReasons({ headers, body }: Answer): Reason[] {
  const format = bodyFormat(headers['content-type']);
  if (typeof format === 'object') return [];
  const content = node(format === 'xml' ? xmlToFhirJson(body).content : readJson(body, { maxDepth: MAX_DEPTH }).value);
  if (content['resourceType'] !== 'OperationOutcome') return [];
  const issues = list(content['issue']).map(node);
  return issues.filter(({ severity }) => severity === 'error' || severity === 'fatal').map(reasonOf);
}

function reasonOf(issue: Node): Reason {
  const [, remedy = '', rule = '', at = ''] = DIAGNOSTICS.exec(text(issue['diagnostics'])) ?? [];
  const place = text(list(issue['expression'])[0]) || (/(\/.*)$/.exec(at)?.[1] ?? '');
  return { rule, place, message: text(node(issue['details'])['text']), remedy };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function node(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
