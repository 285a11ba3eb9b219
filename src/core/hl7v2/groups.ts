/**
 * Which segments belong to which: HL7 v2 writes groups by order alone (`OBR`, then its `NTE` and `OBX`, each `OBX` with its
 * `NTE`). The structures of chapters 2 to 11 are put together in one table, for the messages that are taken here.
 */
const OPENS: Readonly<Record<string, readonly string[]>> = {
  RF1: ['AUT', 'CTD', 'NTE'],
  PRD: ['CTD'],
  PR1: ['AUT', 'CTD'],
  SCH: ['TQ1', 'NTE'],
  PID: ['PD1', 'MRG', 'NK1', 'PV1', 'PV2', 'AL1', 'DG1', 'GT1', 'IN1', 'PR1', 'ORC', 'OBR', 'OBX', 'NTE'],
  NK1: ['NTE'],
  IN1: ['IN2', 'IN3'],
  ORC: ['TQ1', 'NTE'],
  OBR: ['TQ1', 'CTD', 'FT1', 'CTI', 'SPM', 'OBX', 'NTE'],
  SPM: ['OBX', 'NTE'],
  TQ1: ['TQ2', 'NTE'],
  TXA: ['CON', 'OBX', 'NTE'],
  OBX: ['NTE'],
  RGS: ['AIS', 'AIG', 'AIL', 'AIP'],
  AIS: ['NTE'],
  AIG: ['NTE'],
  AIL: ['NTE'],
  AIP: ['NTE'],
};

/** Follows a segment only directly: a note after a visit is about the message, not about the patient before the visit. */
const DIRECTLY = 'NTE';

export interface Grouped<Node> {
  readonly name: string;
  readonly node: Node;
}

/**
 * Goes through segments in their order and tells of each to which earlier one it belongs.
 * An ORC is given to the OBR that follows it, because it is about the same order. A Z segment belongs to the one before it.
 * @param belong called with the owner first
 */
export function groupSegments<Node>(
  segments: readonly Grouped<Node>[],
  belong: (owner: Node, member: Grouped<Node>) => void,
): void {
  let open: Grouped<Node>[] = [];
  let order: Grouped<Node> | undefined;
  for (const segment of segments) {
    const { name } = segment;
    const last = open.at(-1);
    if (name.startsWith('Z')) {
      if (last !== undefined) belong(last.node, segment);
      continue;
    }
    const depth = name === DIRECTLY ? directly(open) : open.findLastIndex((one) => OPENS[one.name]?.includes(name));
    const owner = open[depth];
    if (owner !== undefined) belong(owner.node, segment);
    if (name === 'OBR' && order !== undefined) belong(segment.node, order);
    if (name === 'ORC') order = segment;
    else if (!['TQ1', 'TQ2', DIRECTLY].includes(name)) order = undefined;
    // Several notes in a row are about the same segment.
    if (name !== DIRECTLY) open = [...open.slice(0, depth + 1), segment];
  }
}

function directly<Node>(open: readonly Grouped<Node>[]): number {
  const last = open.at(-1);
  return last !== undefined && OPENS[last.name]?.includes(DIRECTLY) ? open.length - 1 : -1;
}
