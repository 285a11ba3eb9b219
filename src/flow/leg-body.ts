import { controlIdOf, withControlId } from '../core/hl7v2/control-id.ts';
import { HL7V2_TYPE } from '../core/hl7v2/media-type.ts';
import type { CompiledMapping } from '../core/mapping/compile.ts';
import { writeResult } from '../core/mapping/result/write-result.ts';

/** What a mapping made, as the bytes of one delivery. Texts are UTF-8; a mapping to HL7 v2 says so in MSH-18. */
export function legBody(
  mapping: Pick<CompiledMapping, 'to'>,
  result: unknown,
  leg: string,
): { body: Uint8Array; contentType: string } {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  if (mapping.to !== 'hl7v2') return { body: encode(JSON.stringify(result)), contentType: 'application/json' };
  const [written] = writeResult(mapping.to, withControlId(result, controlIdOf(leg, 'L')));
  if (written === undefined) throw new Error('an HL7 v2 result was written as nothing');
  return { body: encode(written.text), contentType: HL7V2_TYPE };
}
