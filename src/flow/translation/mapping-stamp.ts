import type { CompiledMapping } from '../../core/mapping/compile.ts';
import type { MappingStamp } from '../../core/message.ts';

/** What identifies a mapping wherever it made or read something. */
export function stampOf({ name, version, digest }: CompiledMapping): MappingStamp {
  return { name, version, digest };
}

/** The same as the message log shows it. */
export function stampDetail(stamp: MappingStamp | undefined): Readonly<Record<string, string | number>> {
  if (stamp === undefined) return {};
  return { mapping: stamp.name, mappingVersion: stamp.version, mappingDigest: stamp.digest };
}
