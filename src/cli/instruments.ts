import { Command } from 'commander';
import { diskIo } from '../config/disk.ts';
import { loadInstrumentFiles } from '../config/library.ts';
import { type ExampleResult, type TestedInstruments, testInstruments } from '../core/outcomes/test-instruments.ts';
import { WrongUse } from './exit-code.ts';
import { counted } from './mappings-counted.ts';
import { findingJson, findingLine } from './print-findings.ts';

interface Options {
  readonly terminology: string;
  readonly json?: boolean;
}

/** `hearback instruments`: outcome measures as data. None of it touches a running engine. */
export function instrumentsCommand(): Command {
  return new Command('instruments')
    .description(
      'Outcome instruments: run their worked examples, list them, show one as a Questionnaire (docs/outcomes.md).',
    )
    .addCommand(testCommand())
    .addCommand(listCommand())
    .addCommand(questionnaireCommand());
}

function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--terminology <dir>', 'the terminology directory', 'terminology')
    .option('--json', 'one JSON object a line; the last one counts');
}

function tested({ terminology }: Options): TestedInstruments {
  const files = loadInstrumentFiles(terminology, diskIo({}));
  if (files.length === 0) {
    throw new WrongUse(
      `There is nothing in ${terminology}/instruments: run this where it stands, or name it with --terminology.`,
    );
  }
  return testInstruments(files);
}

function testCommand(): Command {
  return command('test', 'Check every instrument and run its worked examples; exit code 0 only when all hold.').action(
    (options: Options) => {
      const { instruments, results, findings } = tested(options);
      for (const one of findings)
        console.log(options.json ? JSON.stringify({ finding: findingJson(one) }) : findingLine(one));
      for (const one of results)
        for (const line of options.json ? [exampleJson(one)] : exampleLines(one)) console.log(line);
      const failed = results.filter(({ differences }) => differences.length > 0).length + findings.length;
      const summary = { instruments: instruments.all.length, examples: results.length, failed };
      console.log(
        options.json
          ? JSON.stringify(summary)
          : `${counted(summary.instruments, 'instrument')}, ${counted(summary.examples, 'example')}, ${failed} failed.`,
      );
      process.exitCode = failed === 0 ? 0 : 1;
    },
  );
}

function exampleJson({ instrument, file, line, name, differences }: ExampleResult): string {
  return JSON.stringify({ instrument, file, line, example: name, ok: differences.length === 0, differences });
}

function exampleLines({ instrument, file, line, name, differences }: ExampleResult): string[] {
  const where = differences.length === 0 ? '' : ` (${file}:${line})`;
  return [
    `${differences.length === 0 ? 'ok  ' : 'FAIL'}  ${instrument}: ${name}${where}`,
    ...differences.map(({ what, expected, actual }) => `        ${what}: expected ${expected}, got ${actual}`),
  ];
}

function listCommand(): Command {
  return command('list', 'List the instruments with their scores, codes, direction and licence.').action(
    (options: Options) => {
      for (const one of tested(options).instruments.all) {
        const { instrument, version, title, kind, variantOf, variant, licence } = one;
        const scores = one.scores.map(({ id, min, max, direction, code, national, meaningful: [change] }) => {
          return {
            id,
            min,
            max,
            direction,
            system: code.system,
            code: code.code,
            national,
            ...(change && { meaningful: change }),
          };
        });
        if (options.json)
          console.log(JSON.stringify({ instrument, version, title, kind, variantOf, variant, licence, scores }));
        else {
          console.log(`${instrument} ${version}  ${title}  ${kind}, wording ${licence.itemText}`);
          for (const score of scores)
            console.log(`    ${score.id}  ${score.min} to ${score.max}  ${score.direction}  ${score.code}`);
        }
      }
    },
  );
}

function questionnaireCommand(): Command {
  return command('questionnaire', 'Print an instrument as a FHIR R4 Questionnaire.')
    .argument('<id>', 'the instrument')
    .action((id: string, options: Options) => {
      const { instruments } = tested(options);
      const found = instruments.all.find(({ instrument }) => instrument === id);
      if (found === undefined)
        throw new WrongUse(
          `There is no instrument ${id}. There is: ${instruments.all.map(({ instrument }) => instrument).join(', ')}.`,
        );
      console.log(JSON.stringify(instruments.questionnaire(found), null, 2));
    });
}
