import type { CompiledMapping, ReceiptedRun } from '../../core/mapping/compile.ts';
import type { Message } from '../../core/message.ts';
import type { RoadParts } from '../road-parts.ts';
import { NotRecorded, type RecordedRun, recordedRun } from './recorded-run.ts';

/** What a mapping did with a recorded message, run again with a receipt. */
export interface RecordedLineage {
  readonly recorded: RecordedRun;
  readonly mapping: CompiledMapping;
  readonly input: unknown;
  readonly run: ReceiptedRun;
}

type LineageParts = Pick<RoadParts, 'store' | 'reportMappings' | 'keptMapping' | 'reportMappingOf'>;

/**
 * Runs a message again with the version that read or made it then; with the one in use where the record does not say which it was.
 * Rejects with `NotRecorded` where no mapping had to do with it.
 */
export async function lineageOf({ id }: Pick<Message, 'id'>, parts: LineageParts): Promise<RecordedLineage> {
  const recorded = await recordedRun(id, parts);
  const { name, stamp, variables } = recorded;
  const used = parts.reportMappings.get(name);
  const mapping = stamp === undefined || used?.digest === stamp.digest ? used : await parts.keptMapping(stamp.digest);
  if (mapping === undefined) {
    throw new NotRecorded(`The mapping ${name} is not there any more in the version that was used.`);
  }
  const input = recorded.input(mapping.from);
  if (input === undefined) throw new NotRecorded('Its content is not there any more, or cannot be read.');
  return { recorded, mapping, input, run: mapping.runWithReceipt(input, variables) };
}
