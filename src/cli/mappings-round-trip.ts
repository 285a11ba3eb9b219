import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import r4 from 'fhirpath/fhir-context/r4';
import { worldOf } from '../core/fhirpath/delegate.ts';
import type { CompiledMapping, ReceiptedRun } from '../core/mapping/compile.ts';
import { readsFhir } from '../core/mapping/direction.ts';
import type { LibraryMapping } from '../core/mapping/library.ts';
import { type CodeTrip, codeTrips } from '../core/mapping/receipt/code-trips.ts';
import { compileEcho } from '../core/mapping/receipt/echo.ts';
import { type Returned, roundTrip } from '../core/mapping/receipt/round-trip.ts';
import { inputOf, type MappingInput } from './mappings-input.ts';
import { sampleVariables } from './mappings-variables.ts';
import {
  mappingNamed,
  openWorkspace,
  type Workspace,
  type WorkspaceOptions,
  workspaceCommand,
} from './mappings-workspace.ts';
import { WrongConfiguration } from './open-setup.ts';
import { findingLine } from './print-findings.ts';

interface RoundTripOptions extends WorkspaceOptions {
  readonly echo?: string;
  readonly json?: boolean;
}

/** `hearback mappings round-trip OUT BACK [CASE|FILE]`: what of a dossier, or of the codes, survives going out and coming back. */
export function roundTripCommand(): Command {
  return workspaceCommand('round-trip', 'Say what survives going out by one mapping and coming back by another.')
    .argument('<out>', 'the mapping that goes out: casework/referral')
    .argument('<back>', 'the mapping that reads what the platform says: casework/report')
    .argument('[case]', 'a case of the first, or a file with a dossier; without one the codes of all their maps')
    .option('--echo <file>', 'what the platform repeats of what it was sent (YAML with result:); else exactly that')
    .action(async (outName: string, backName: string, what: string | undefined, options: RoundTripOptions) => {
      const workspace = await openWorkspace(options);
      const [out, back] = [mappingNamed(outName, workspace), mappingNamed(backName, workspace)];
      if (what === undefined) printCodes([out, back], workspace, options);
      else {
        const echo = options.echo === undefined ? undefined : echoFrom(options.echo, workspace);
        const given = inputOf(what, out, workspace);
        printElements(tripOf(given, [out.mapping, ...(echo === undefined ? [] : [echo]), back.mapping]), options);
      }
    });
}

function echoFrom(file: string, { environment }: Workspace): CompiledMapping {
  const { echo, findings } = compileEcho(readFileSync(file, 'utf8'), file, environment.terminology);
  for (const finding of findings) console.error(findingLine(finding));
  if (echo === undefined) throw new WrongConfiguration(`${file} is not right: nothing was followed.`);
  return echo;
}

function tripOf({ input, variables }: MappingInput, mappings: readonly CompiledMapping[]): Returned[] {
  const steps: { run: ReceiptedRun }[] = [];
  let given = input;
  for (const [position, mapping] of mappings.entries()) {
    const run = mapping.runWithReceipt(given, position === 0 ? variables : sampleVariables(mapping.from));
    steps.push({ run });
    given = run.result;
  }
  const from = mappings[0]?.from;
  const { model } = worldOf(from !== undefined && readsFhir(from) ? r4 : undefined);
  return roundTrip(input, model, steps);
}

const OUTCOMES = ['equal', 'narrowed', 'lost'] as const;

function printElements(returned: readonly Returned[], { json = false }: RoundTripOptions): void {
  const count = (outcome: Returned['outcome']): number => returned.filter((one) => one.outcome === outcome).length;
  const totals = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, count(outcome)]));
  if (json) for (const one of returned) console.log(JSON.stringify(one));
  else {
    for (const outcome of OUTCOMES) {
      console.log(outcome);
      for (const one of returned.filter((each) => each.outcome === outcome)) console.log(`  ${returnedText(one)}`);
    }
  }
  console.log(json ? JSON.stringify(totals) : OUTCOMES.map((outcome) => `${outcome} ${totals[outcome]}`).join(', '));
}

function returnedText({ element, back, reached, rule }: Returned): string {
  if (back.length > 0) return `${element} -> ${back.join(', ')}`;
  if (reached < 0) return `${element}  not sent`;
  return `${element}  sent at ${rule?.file}:${rule?.line}, and not said back`;
}

function printCodes(
  mappings: readonly LibraryMapping[],
  { environment }: Workspace,
  { json = false }: RoundTripOptions,
): void {
  const { terminology } = environment;
  const maps = new Set(mappings.flatMap(({ source }) => source.maps.map(({ map }) => map)));
  const trips = [...maps].flatMap((map) => codeTrips(map, terminology.codesOfMap?.(map) ?? [], terminology));
  for (const one of trips) console.log(json ? JSON.stringify(one) : tripText(one));
  const outcomes = [...new Set(trips.map(({ outcome }) => outcome))];
  const totals = Object.fromEntries(
    outcomes.map((one) => [one, trips.filter(({ outcome }) => outcome === one).length]),
  );
  console.log(json ? JSON.stringify(totals) : outcomes.map((one) => `${one} ${totals[one]}`).join(', '));
}

function tripText({ map, system, code, outcome, sent, equivalence, back = [], comment = '' }: CodeTrip): string {
  const from = `${map}  ${system}|${code}`;
  if (sent === undefined) return `${outcome.padEnd(9)}  ${from}  ${comment}`.trimEnd();
  const returns = outcome === 'equal' ? '' : `; comes back as ${back.join(' or ') || 'nothing'}`;
  return `${outcome.padEnd(9)}  ${from} -> ${sent} (${equivalence})${returns}`;
}
