/** Synthetic messages of all kinds that are taken; people are invented, NHS numbers are of the 999 range. */

const head = (type: string, version = '2.4') =>
  `MSH|^~\\&|TESTPAS|TESTGP|HEARBACK|HUB|20260721132959+0100||${type}|M-0001|P|${version}||||||UNICODE UTF-8`;
const PID =
  'PID|1||7700123^^^TESTGP^MR~9990000018^^^NHS^NH||Testwell^Ada^Mary^^Ms^^L||19410509|F|||1 Example Row^^Testford^^ZZ99 3WZ^GBR^H||0161 496 0000^PRN^PH';

export const REF = [
  head('REF^I12^REF_I12'),
  'RF1|P||320^Social prescribing||O|^^REF-77||20260721||ISO^Isolated \\T\\ lonely|^^EXT-77',
  'PRD|RP^Referring provider^HL70286|Doctor^Una^^^Dr|||||G9999981',
  'PRD|RT^Referred to provider^HL70286|Link^Will',
  PID,
  'NK1|1|Testwell^Bea|DAU^Daughter||0161 496 0001',
  'OBR|1|ORD-1||L1^Letter',
  'OBX|1|ED|L1^Letter||^application^pdf^Base64^JVBERg==||||||F',
  'NTE|1||Prefers mornings.\\.br\\Hard of hearing.',
].join('\r');

export const EXAMPLES: Readonly<Record<string, string>> = {
  REF,
  RRI: [head('RRI^I12^RRI_I12'), 'MSA|AA|M-1', 'RF1|A|||||^^REF-77', 'PRD|RT|Link^Will', PID].join('\r'),
  A28: [head('ADT^A28^ADT_A05'), 'EVN|A28|202607211329', PID, 'PV1|1|N'].join('\r'),
  A31: [head('ADT^A31^ADT_A05', '2.5.1'), 'EVN|A31|202607211329', PID, 'PV1|1|N', 'ZU8|U|1'].join('\r'),
  A40: [head('ADT^A40^ADT_A39', '2.8'), 'EVN|A40|202607211329', PID, 'MRG|7700100^^^TESTGP^MR'].join('\r'),
  SIU: [
    head('SIU^S12^SIU_S12'),
    'SCH|APP-1||||||First talk||30|MIN|^^30^20260801140000^20260801143000',
    PID,
    'RGS|1',
    'AIS|1||TALK^First talk|20260801140000',
    'NTE|1||Bring a friend.',
  ].join('\r'),
  ORU: [
    head('ORU^R01^ORU_R01', '2.5.1'),
    PID,
    'ORC|RE|ORD-1',
    'OBR|1|ORD-1||WB^Wellbeing|||20260801140000',
    'NTE|1||Answered at home.',
    'OBX|1|NM|Q1^Wellbeing||7.0|||||||F|||20260801140000',
    'NTE|1||Better than before.',
    'OBX|2|ST|Q2^Comment||""||||||F',
  ].join('\r'),
  MDM: [
    head('MDM^T02^MDM_T02'),
    'EVN|T02|202607211329',
    PID,
    'PV1|1|N',
    'TXA|1|CN|TX|20260801140000',
    'OBX|1|TX|N1^Note||All went well.||||||F',
  ].join('\r'),
  ACK: [head('ACK^I12^ACK'), 'MSA|AA|M-1'].join('\r'),
};
