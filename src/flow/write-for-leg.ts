import { controlIdOf, withControlId } from '../core/hl7v2/control-id.ts';
import type { CompiledMapping } from '../core/mapping/compile.ts';
import { type WrittenResult, writeResult } from '../core/mapping/result/write-result.ts';

/**
 * What a mapping made, as the messages that are sent. Of HL7 v2 the message bears the leg's own control id (MSH-10), where the
 * mapping left it out, as it should.
 */
export function writeForLeg({ to }: Pick<CompiledMapping, 'to'>, result: unknown, leg: string): WrittenResult[] {
  return writeResult(to, to === 'hl7v2' ? withControlId(result, controlIdOf(leg, 'L')) : result);
}
