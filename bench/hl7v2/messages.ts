/** Two messages as GP systems and platforms send them; people are invented, NHS numbers are of the 999 range. */

const HEAD = (type: string) =>
  `MSH|^~\\&|TESTPAS^2.999.1^ISO|TESTGP|HEARBACK|HUB|20260721132959+0100||${type}|M-@|P|2.4|||AL|NE|GBR|UNICODE UTF-8`;
const PATIENT =
  'PID|1||77001@^^^TESTGP^MR~9990000018^^^NHS^NH||Testwell^Ada^Mary^^Ms^^L||19410509|F|||1 Example Row^Flat 2^Testford^Testshire^ZZ99 3WZ^GBR^H||01614960@^PRN^PH~07700900@^PRN^CP|||W';

/** 15 segments. `@` stands where messages differ. */
const REF = [
  HEAD('REF^I12^REF_I12'),
  'EVN|I12|20260721132959',
  'RF1|P^Pending^HL70283|R^Routine^HL70280|SP^Social prescribing||O|^^REF-@|20260721||20260721|ISO^Isolated \\T\\ lonely|^^EXT-@',
  'PRD|RP^Referring provider^HL70286|Doctor^Una^^^Dr|2 Surgery Lane^^Testford^^ZZ99 3WY|^^^G9999981|0161 496 0100^WPN^PH||G9999981^ODS',
  'PRD|RT^Referred to provider^HL70286|Link^Will|||0161 496 0200^WPN^PH||L100^LOCAL',
  PATIENT,
  'PD1|||Testford Surgery^^G9999981|G9999981^Doctor^Una^^^Dr',
  'NK1|1|Testwell^Bea|DAU^Daughter|1 Example Row^^Testford|0161 496 0001^PRN^PH',
  'DG1|1||LONE^Loneliness^L|Loneliness|20260701|W',
  'AL1|1|DA|NUTS^Nuts^L|MO|Rash|20010101',
  'OBR|1|ORD-@||LET^Letter^L|||20260721132000',
  'OBX|1|TX|RSN^Reason^L||Has lost contact with friends \\T\\ neighbours since moving.||||||F|||20260721132000',
  'NTE|1||Prefers mornings.\\.br\\Hard of hearing: please write.',
  'PV1|1|O|^^^TESTGP||||G9999981^Doctor^Una^^^Dr|||SP||||||||||V-@',
  'NTE|1||Consent was given on the telephone.',
].join('\r');

const answers = Array.from({ length: 8 }, (_, index) => [
  `OBX|${index + 1}|NM|Q${index + 1}^Question ${index + 1}^L||${index}.0|{score}|0-10||||F|||20260801140000`,
  `NTE|1||Said at home \\T\\ confirmed later, question ${index + 1}.`,
]).flat();

/** 21 segments. */
const ORU = [
  HEAD('ORU^R01^ORU_R01'),
  PATIENT,
  'ORC|RE|ORD-@|FIL-@||CM',
  'OBR|1|ORD-@|FIL-@|WEL^Wellbeing questionnaire^L|||20260801140000||||||||L100^Link^Will|||||||20260801150000|||F',
  'NTE|1||Answered with the link worker.',
  ...answers,
].join('\r');

const MESSAGES = 32;

/** Different messages, so that nobody gains by remembering one. Each line ends as it should. */
export function messagesOf(kind: 'ref' | 'oru'): readonly string[] {
  const text = kind === 'ref' ? REF : ORU;
  return Array.from({ length: MESSAGES }, (_, number) => `${text.replaceAll('@', String(1000 + number))}\r`);
}
