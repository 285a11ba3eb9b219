import type { MakeDocument } from '../../core/document/readable-document.ts';
import { controlIdOf, withControlId } from '../../core/hl7v2/control-id.ts';
import { withDocuments } from '../../core/hl7v2/encapsulated.ts';
import { withSetIds } from '../../core/hl7v2/set-ids.ts';
import type { CompiledMapping } from '../../core/mapping/compile.ts';
import { type WrittenResult, writeResult } from '../../core/mapping/result/write-result.ts';

/**
 * What a mapping made, as the messages that are sent. An HL7 v2 message bears the leg's own control id (MSH-10) and counts its
 * segments, where the mapping left that out, as it should; its documents are made here.
 */
export function writeForLeg(
  { to }: Pick<CompiledMapping, 'to'>,
  result: unknown,
  { leg, makePdf }: { readonly leg: string; readonly makePdf: MakeDocument },
): WrittenResult[] {
  if (to !== 'hl7v2') return writeResult(to, result);
  return writeResult(to, withDocuments(withSetIds(withControlId(result, controlIdOf(leg, 'L'))), makePdf));
}
