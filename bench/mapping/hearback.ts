import { loadR4Model } from '../../src/adapters/fhir-rest/r4-definitions.ts';
import { type CompiledMapping, compileMapping, type MappingRun } from '../../src/core/mapping/compile.ts';
import { parseMapping } from '../../src/core/mapping/parse.ts';
import type { Terminology } from '../../src/core/terminology/terminology.ts';
import type { Contender } from '../interleave.ts';
import { textBeside } from './files.ts';
import type { Job } from './workload.ts';

/**
 * Hearback as it runs in the engine: the mapping is loaded with all its checks, and each run reports what it finds wrong
 * and which codes have no counterpart. The second contender also says what became of every element of the input.
 * @throws when the mapping is refused, or a run is not clean
 */
export function hearback<Document, Given extends Readonly<Record<string, unknown>>>(
  name: string,
  terminology: Terminology,
): Contender<Job<Document, Given>>[] {
  const mapping = loaded(name, terminology);
  return [
    { name: 'hearback', run: ({ document, given }) => clean(mapping.run(document, given)).result },
    {
      name: 'hearback-receipts',
      run({ document, given }) {
        const run = mapping.runWithReceipt(document, given);
        if (run.receipt.input.length === 0) throw new Error('the receipt is empty');
        return clean(run).result;
      },
    },
  ];
}

function loaded(name: string, terminology: Terminology): CompiledMapping {
  const file = `${name}.map.yaml`;
  const parsed = parseMapping(textBeside(file), `mapping/${file}`);
  const compiled = parsed.source && compileMapping(parsed.source, { terminology, elements: loadR4Model() });
  const mapping = compiled?.mapping;
  if (mapping === undefined) throw new Error(JSON.stringify([...parsed.findings, ...(compiled?.findings ?? [])]));
  return mapping;
}

function clean(run: MappingRun): MappingRun {
  const { findings, unmapped } = run;
  if (findings.length > 0 || unmapped.length > 0) throw new Error(JSON.stringify({ findings, unmapped }));
  return run;
}
