import { Command } from 'commander';
import { diskIo } from '../config/disk.ts';
import { runsOn, runsOnText } from '../core/terminology/service/runs-on.ts';
import { findingJson, findingLine } from './print-findings.ts';
import { readSetup } from './read-setup.ts';

/** `hearback check FILE`: reads everything that `serve` would, changes nothing, and says all that is wrong. */
export function checkCommand(): Command {
  return new Command('check')
    .description('Check a configuration with its mappings, terminology and secrets; start nothing.')
    .argument('[file]', 'the configuration', 'hearback.yaml')
    .option('--json', 'print {"errors":[{"file","line","column","rule","message","fix"}],"warnings":[…]}')
    .addHelpText('after', '\nExit codes: 0 it is right, 1 it has errors, 2 there is no such file.')
    .action(async (file: string, options: { json?: boolean }) => {
      const io = diskIo(process.env);
      const { setup, findings } = await readSetup(file, io);
      const terminology = setup?.library.terminology;
      const codes = terminology && runsOn(terminology.resources, terminology.release);
      terminology?.release?.close();
      const errors = findings.filter((finding) => finding.severity === 'error');
      const warnings = findings.filter((finding) => finding.severity !== 'error');
      if (options.json)
        console.log(
          JSON.stringify({
            errors: errors.map(findingJson),
            warnings: warnings.map(findingJson),
            ...(codes !== undefined && { codes }),
          }),
        );
      else {
        for (const finding of findings) console.log(findingLine(finding));
        if (codes !== undefined) console.log(runsOnText(codes));
        console.log(errors.length === 0 ? `${file} is right.` : `${errors.length} errors. Nothing would start.`);
      }
      process.exitCode = io.readFile(file) === undefined ? 2 : errors.length === 0 ? 0 : 1;
    });
}
