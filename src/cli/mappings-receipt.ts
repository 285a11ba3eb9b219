import type { Command } from 'commander';
import type { Finding } from '../core/finding.ts';
import type { CompiledMapping } from '../core/mapping/compile.ts';
import {
  FATES,
  type InputElement,
  type Receipt,
  type ReceiptTotals,
  type Rule,
} from '../core/mapping/receipt/receipt.ts';
import { addedTotals } from '../core/mapping/receipt/receipt-of.ts';
import { counted } from './mappings-counted.ts';
import { casesOf, inputOf } from './mappings-input.ts';
import { mappingNamed, openWorkspace, type WorkspaceOptions, workspaceCommand } from './mappings-workspace.ts';
import { findingLine } from './print-findings.ts';

interface ReceiptOptions extends WorkspaceOptions {
  readonly json?: boolean;
}

/** `hearback mappings receipt MAPPING [CASE|FILE]`: what became of every element of an input. Places, codes and lines; no values. */
export function mappingReceiptCommand(): Command {
  return workspaceCommand('receipt', 'Say what became of every element of an input, and which line is responsible.')
    .argument('<mapping>', 'its name: casework/referral')
    .argument(
      '[case]',
      'a case of it (full, for referral.full.case.yaml), or a file with an input; its first case when left out',
    )
    .action(async (name: string, what: string | undefined, options: ReceiptOptions) => {
      const workspace = await openWorkspace(options);
      const found = mappingNamed(name, workspace);
      const [first] = casesOf(found, workspace);
      const { input, variables } = inputOf(what ?? first?.file ?? '', found, workspace);
      const { receipt, unmapped, findings } = found.mapping.runWithReceipt(input, variables);
      if (options.json) console.log(JSON.stringify(receipt));
      else for (const line of receiptLines(receipt)) console.log(line);
      sayWrong(unmapped, findings);
    });
}

function sayWrong(unmapped: ReturnType<CompiledMapping['run']>['unmapped'], findings: readonly Finding[]): void {
  for (const { map, element } of unmapped)
    console.error(`held: the concept map ${map} does not know the code at ${element}`);
  for (const finding of findings) console.error(findingLine(finding));
  process.exitCode = unmapped.length + findings.length === 0 ? 0 : 1;
}

/** `hearback mappings receipts`: totals for each mapping over all its cases. */
export function mappingReceiptsCommand(): Command {
  return workspaceCommand('receipts', 'Count for each mapping what became of the elements of its cases.').action(
    async (options: ReceiptOptions) => {
      const workspace = await openWorkspace(options);
      for (const found of workspace.mappings) {
        const cases = casesOf(found, workspace);
        const all = cases.map(({ input, variables }) => found.mapping.runWithReceipt(input, variables).receipt.totals);
        const totals = addedTotals(all);
        const { name, version } = found.mapping;
        const shown = `${name}  v${version}  ${counted(cases.length, 'case')}  ${totalsText(totals)}`;
        console.log(options.json ? JSON.stringify({ name, version, cases: cases.length, totals }) : shown);
      }
    },
  );
}

/** `kept 3, renamed 1, …` */
export function totalsText(totals: ReceiptTotals): string {
  return ([...FATES, 'invented'] as const).map((fate) => `${fate} ${totals[fate]}`).join(', ');
}

/** A receipt as people read it: the totals, then the elements by what became of them. */
export function receiptLines({ mapping, input, result, totals }: Receipt): string[] {
  const invented = result.filter(({ from }) => from.length === 0);
  const groups: { readonly title: string; readonly lines: readonly string[] }[] = [
    ...FATES.map((fate) => ({ title: fate, lines: input.filter((one) => one.fate === fate).flatMap(elementLines) })),
    { title: 'invented', lines: invented.map(({ pointer, rule }) => `${pointer}  ${ruleText(rule)}`) },
  ];
  return [
    `${mapping.name} v${mapping.version}  ${totalsText(totals)}`,
    ...groups
      .filter(({ lines }) => lines.length > 0)
      .flatMap(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)]),
  ];
}

function elementLines({ element, to, rule, translations }: InputElement): string[] {
  const codes = translations.map(
    ({ map, version = '', from = 'a code that it does not know', to: target = 'nothing', equivalence }) =>
      `  ${[map, version].join(' ').trim()}: ${from} -> ${target} (${equivalence})`,
  );
  if (to.length === 0) return [`${element}${rule === undefined ? '' : `  (read at ${placeText(rule)})`}`, ...codes];
  const uses = to.map((use) => `${use.pointer}  ${ruleText(use.rule)}`);
  if (uses.length === 1) return [`${element} -> ${uses[0]}`, ...codes];
  return [element, ...uses.map((use) => `  -> ${use}`), ...codes];
}

function ruleText(rule: Rule): string {
  return `${placeText(rule)}  ${rule.written.replace(/\s+/g, ' ')}`;
}

function placeText({ file, line, column }: Rule): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}
