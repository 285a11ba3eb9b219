/** A field as the standard has it. `max` -1: as often as it likes. */
export interface FieldName {
  readonly name: string;
  readonly type: string;
  readonly min: number;
  readonly max: number;
}

/**
 * The fields of the segments of a referral, in the order of REF_I12, under their names and with the types of HL7 v2.8 (CWE and DTM, where
 * earlier versions have CE and TS). `type min..max name`; the place in the list is the number of the field.
 */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  MSH: [
    'ST 1..1 Field Separator',
    'ST 1..1 Encoding Characters',
    'HD 0..1 Sending Application',
    'HD 0..1 Sending Facility',
    'HD 0..* Receiving Application',
    'HD 0..* Receiving Facility',
    'DTM 1..1 Date/Time of Message',
    'ST 0..1 Security',
    'MSG 1..1 Message Type',
    'ST 1..1 Message Control ID',
    'PT 1..1 Processing ID',
    'VID 1..1 Version ID',
    'NM 0..1 Sequence Number',
    'ST 0..1 Continuation Pointer',
    'ID 0..1 Accept Acknowledgment Type',
    'ID 0..1 Application Acknowledgment Type',
    'ID 0..1 Country Code',
    'ID 0..* Character Set',
  ],
  RF1: [
    'CWE 0..1 Referral Status',
    'CWE 0..1 Referral Priority',
    'CWE 0..1 Referral Type',
    'CWE 0..* Referral Disposition',
    'CWE 0..1 Referral Category',
    'EI 1..1 Originating Referral Identifier',
    'DTM 0..1 Effective Date',
    'DTM 0..1 Expiration Date',
    'DTM 0..1 Process Date',
    'CWE 0..* Referral Reason',
    'EI 0..* External Referral Identifier',
  ],
  PRD: [
    'CWE 1..* Provider Role',
    'XPN 0..* Provider Name',
    'XAD 0..* Provider Address',
    'PL 0..1 Provider Location',
    'XTN 0..* Provider Communication Information',
    'CWE 0..1 Preferred Method of Contact',
    'PLN 0..* Provider Identifiers',
    'DTM 0..1 Effective Start Date of Provider Role',
    'DTM 0..* Effective End Date of Provider Role',
    'XON 0..1 Provider Organization Name and Identifier',
    'XAD 0..* Provider Organization Address',
    'PL 0..* Provider Organization Location Information',
    'XTN 0..* Provider Organization Communication Information',
    'CWE 0..1 Provider Organization Method of Contact',
  ],
  PID: [
    'SI 0..1 Set ID - PID',
    'CX 0..1 Patient ID',
    'CX 1..* Patient Identifier List',
    'CX 0..* Alternate Patient ID - PID',
    'XPN 1..* Patient Name',
    'XPN 0..* Mother’s Maiden Name',
    'DTM 0..1 Date/Time of Birth',
    'CWE 0..1 Administrative Sex',
    'XPN 0..* Patient Alias',
    'CWE 0..* Race',
    'XAD 0..* Patient Address',
    'IS 0..1 County Code',
    'XTN 0..* Phone Number - Home',
    'XTN 0..* Phone Number - Business',
    'CWE 0..1 Primary Language',
    'CWE 0..1 Marital Status',
    'CWE 0..1 Religion',
    'CX 0..1 Patient Account Number',
    'ST 0..1 SSN Number - Patient',
    'DLN 0..1 Driver’s License Number - Patient',
    'CX 0..* Mother’s Identifier',
    'CWE 0..* Ethnic Group',
    'ST 0..1 Birth Place',
    'ID 0..1 Multiple Birth Indicator',
    'NM 0..1 Birth Order',
    'CWE 0..* Citizenship',
    'CWE 0..1 Veterans Military Status',
    'CWE 0..1 Nationality',
    'DTM 0..1 Patient Death Date and Time',
    'ID 0..1 Patient Death Indicator',
  ],
  PD1: [
    'CWE 0..* Living Dependency',
    'CWE 0..1 Living Arrangement',
    'XON 0..* Patient Primary Facility',
    'XCN 0..* Patient Primary Care Provider Name & ID No.',
  ],
  NK1: [
    'SI 1..1 Set ID - NK1',
    'XPN 0..* Name',
    'CWE 0..1 Relationship',
    'XAD 0..* Address',
    'XTN 0..* Phone Number',
    'XTN 0..* Business Phone Number',
    'CWE 0..1 Contact Role',
    'DT 0..1 Start Date',
    'DT 0..1 End Date',
  ],
  DG1: [
    'SI 1..1 Set ID - DG1',
    'ID 0..1 Diagnosis Coding Method',
    'CWE 1..1 Diagnosis Code',
    'ST 0..1 Diagnosis Description',
    'DTM 0..1 Diagnosis Date/Time',
    'CWE 1..1 Diagnosis Type',
  ],
  PR1: [
    'SI 1..1 Set ID - PR1',
    'ID 0..1 Procedure Coding Method',
    'CNE 1..1 Procedure Code',
    'ST 0..1 Procedure Description',
    'DTM 1..1 Procedure Date/Time',
  ],
  CON: [
    'SI 1..1 Set ID - CON',
    'CWE 0..1 Consent Type',
    'ST 0..1 Consent Form ID and Version',
    'EI 0..1 Consent Form Number',
    'FT 0..* Consent Text',
    'FT 0..* Subject-specific Consent Text',
    'FT 0..* Consent Background Information',
    'FT 0..* Subject-specific Consent Background Text',
    'FT 0..* Consenter-imposed limitations',
    'CNE 0..1 Consent Mode',
    'CNE 1..1 Consent Status',
    'DTM 0..1 Consent Discussion Date/Time',
    'DTM 0..1 Consent Decision Date/Time',
    'DTM 0..1 Consent Effective Date/Time',
    'DTM 0..1 Consent End Date/Time',
  ],
  PV1: [],
  OBR: [],
  OBX: [
    'SI 0..1 Set ID - OBX',
    'ID 0..1 Value Type',
    'CWE 1..1 Observation Identifier',
    'ST 0..1 Observation Sub-ID',
    'varies 0..* Observation Value',
    'CWE 0..1 Units',
    'ST 0..1 References Range',
    'CWE 0..* Interpretation Codes',
    'NM 0..1 Probability',
    'ID 0..* Nature of Abnormal Test',
    'ID 1..1 Observation Result Status',
    'DTM 0..1 Effective Date of Reference Range',
    'ST 0..1 User Defined Access Checks',
    'DTM 0..1 Date/Time of the Observation',
    'CWE 0..1 Producer’s ID',
    'XCN 0..* Responsible Observer',
  ],
  NTE: ['SI 0..1 Set ID - NTE', 'ID 0..1 Source of Comment', 'FT 0..* Comment', 'CWE 0..1 Comment Type'],
};

/** The segments that are known here, in the order in which a referral has them. */
export const NAMED_SEGMENTS: readonly string[] = Object.keys(FIELDS);

/** What the standard says of a field; undefined when it is not written down here. */
export function fieldName(segment: string, field: number): FieldName | undefined {
  const [, type = '', min, max, name = ''] =
    /^(\S+) (\d)\.\.(\d|\*) (.*)$/.exec(FIELDS[segment]?.[field - 1] ?? '') ?? [];
  return name === '' ? undefined : { name, type, min: Number(min), max: max === '*' ? -1 : Number(max) };
}

/** How many fields of a segment are known here. */
export function fieldCount(segment: string): number {
  return FIELDS[segment]?.length ?? 0;
}
