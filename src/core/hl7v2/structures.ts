/** What a message of one kind must and should have. */
export interface MessageStructure {
  /** MSH-9.1. */
  readonly code: string;
  /** MSH-9.2; none for a general acknowledgement, whose trigger event is that of the message it answers. */
  readonly triggers: readonly string[];
  /** MSH-9.3, and what else senders write there. */
  readonly names: readonly string[];
  /** Without these nobody could tell what it is about: an error. */
  readonly required: readonly string[];
  /** The standard requires these, and messages in use in the UK come without: a warning. */
  readonly expected: readonly string[];
}

/** The messages that are taken and sent (HL7 v2.5.1, chapters 2, 3, 4, 7, 9, 10 and 11). */
export const STRUCTURES: readonly MessageStructure[] = [
  {
    code: 'REF',
    triggers: ['I12', 'I13', 'I14'],
    names: ['REF_I12'],
    required: ['PID'],
    expected: ['RF1', 'PRD'],
  },
  {
    code: 'RRI',
    triggers: ['I12', 'I13', 'I14'],
    names: ['RRI_I12'],
    required: ['RF1', 'PID'],
    expected: ['PRD'],
  },
  { code: 'ADT', triggers: ['A28', 'A31'], names: ['ADT_A05'], required: ['PID'], expected: ['EVN', 'PV1'] },
  { code: 'ADT', triggers: ['A40'], names: ['ADT_A39', 'ADT_A40'], required: ['PID', 'MRG'], expected: ['EVN'] },
  {
    code: 'SIU',
    triggers: ['S12', 'S15', 'S26'],
    names: ['SIU_S12'],
    required: ['SCH', 'PID'],
    expected: ['RGS'],
  },
  { code: 'ORU', triggers: ['R01'], names: ['ORU_R01'], required: ['PID', 'OBR', 'OBX'], expected: [] },
  { code: 'MDM', triggers: ['T02'], names: ['MDM_T02'], required: ['PID', 'TXA', 'OBX'], expected: ['EVN', 'PV1'] },
  { code: 'ACK', triggers: [], names: ['ACK'], required: ['MSA'], expected: [] },
];

/** The structure of a message type and event; undefined for one that is not taken. */
export function structureOf(code: string, trigger: string): MessageStructure | undefined {
  return STRUCTURES.find((one) => one.code === code && (one.triggers.length === 0 || one.triggers.includes(trigger)));
}

/** Whether any event of this message type is taken. */
export function isKnownCode(code: string): boolean {
  return STRUCTURES.some((one) => one.code === code);
}
