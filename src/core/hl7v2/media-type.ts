/** Media type of HL7 v2 in its usual encoding (ER7), as it is kept in the record. */
export const HL7V2_TYPE = 'application/hl7-v2';
