/** The versions of HL7 v2 that are read and written here, as MSH-12.1 names them (table HL70104). */
const KNOWN = ['2.3', '2.3.1', '2.4', '2.5', '2.5.1', '2.6', '2.7', '2.7.1', '2.8', '2.8.1', '2.8.2'];

/** What is written when a message says no version that we know. */
export const OWN_VERSION = '2.5.1';

export function isKnownVersion(version: string): boolean {
  return KNOWN.includes(version);
}

/** Whether errors are told as one ERR segment each, with place, code, severity and texts in their own fields: since v2.5. */
export function hasErrorSegments(version: string): boolean {
  return !/^2\.[1-4](\.|$)/.test(version);
}

/** Whether MSH-9 has a third component, the message structure: since v2.3.1. */
export function hasMessageStructure(version: string): boolean {
  return !/^2\.[1-3]$/.test(version);
}
