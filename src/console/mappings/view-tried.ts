import type { Finding } from '../../core/finding.ts';
import { FATES, type Receipt } from '../../core/mapping/receipt/receipt.ts';
import type { Tried } from '../engine-desk.ts';
import { mappingPlace, ruleText } from './mapping-place.ts';

/** What the workbench shows of a run. Elements, rules and codes; values stand in the result alone. */
export function viewTried(tried: Tried) {
  if (!('findings' in tried)) return { kind: tried.kind, issues: [] };
  const issues = tried.findings.map(viewFinding);
  if (tried.kind !== 'run') return { kind: tried.kind, issues };
  const { version, digest, receipt, unmapped, result } = tried;
  return {
    ...{ kind: tried.kind, version: String(version), digest, issues },
    held: unmapped.map(({ map, element }) => ({ map, element })),
    result: result.map(({ contentType, text }) => ({ contentType, text: readable(text) })),
    totals: [...FATES, 'invented' as const].map((fate) => ({ fate, count: receipt.totals[fate] })),
    elements: viewElements(receipt),
    invented: receipt.result
      .filter(({ from }) => from.length === 0)
      .map(({ pointer, rule }) => ({ pointer, rule: ruleText(rule) })),
  };
}

function viewFinding({ severity, rule, place, message, remedy }: Finding) {
  return {
    severity,
    rule,
    message,
    remedy,
    where: [mappingPlace(place), place.expression ?? ''].filter((part) => part !== '').join(' '),
  };
}

function viewElements({ input }: Receipt) {
  return input.map(({ element, fate, to, rule, translations }) => ({
    ...{ element, fate },
    to: to.map((use) => `${use.pointer} by ${ruleText(use.rule)}`),
    ...(to.length === 0 && rule !== undefined && { readAt: ruleText(rule) }),
    codes: translations.map(
      (one) =>
        `${one.map}: ${one.from ?? 'a code that it does not know'} → ${one.to ?? 'nothing'} (${one.equivalence})`,
    ),
  }));
}

function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text.replaceAll('\r', '\n');
  }
}
