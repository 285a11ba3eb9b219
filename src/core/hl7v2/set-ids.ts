import { isObject } from '../mapping/plain-value.ts';

/** Within what each segment is counted (HL7 v2.5.1: NTE-1, 2.15.10; OBR-1, 4.5.3.1; OBX-1, 7.4.2.1). */
const COUNTED: Readonly<Record<string, readonly string[]>> = {
  OBR: ['MSH', 'PID'],
  OBX: ['MSH', 'PID', 'OBR', 'TXA', 'SPM'],
  // A note counts from 1 after whatever it belongs to.
  NTE: [],
};

/**
 * The tree of a message with its set ids (OBR-1, OBX-1, NTE-1), where the mapping left them out: a template makes segments in
 * loops and branches and cannot count across them. Where one segment of a kind says its own, that kind is left alone.
 */
export function withSetIds(tree: unknown): unknown {
  const segments = isObject(tree) ? tree['segments'] : undefined;
  if (!isObject(tree) || !Array.isArray(segments)) return tree;
  const own = new Set(segments.flatMap((one) => (isObject(one) && one['f1'] !== undefined ? [one['name']] : [])));
  const counts = new Map<string, number>();
  const numbered = segments.map((segment: unknown) => {
    if (!isObject(segment) || typeof segment['name'] !== 'string') return segment;
    const { name } = segment;
    for (const [counted, within] of Object.entries(COUNTED)) {
      if (within.includes(name) || (within.length === 0 && name !== counted)) counts.delete(counted);
    }
    if (COUNTED[name] === undefined || own.has(name)) return segment;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { ...segment, f1: String(count) };
  });
  return { ...tree, segments: numbered };
}
