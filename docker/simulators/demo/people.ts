import { FATES, type Fate } from './fates.ts';

export type PracticeName = 'riverside' | 'hillview';

/** How the referral is written. */
export type Form = 'transaction' | 'message' | 'xml';

export interface Person {
  /** Counts from 1; also the referral's number at the practice. */
  readonly number: number;
  readonly nhsNumber: string;
  readonly given: string;
  readonly family: string;
  readonly birthDate: string;
  readonly postcode: string;
  /** `riverside` is written to, `hillview` polls. */
  readonly practice: PracticeName;
  readonly form: Form;
  readonly fate: Fate;
  /** The narrative that the GP writes; some hold what breaks careless software. */
  readonly note: string;
}

const GIVEN = ['Ada', 'Bashir', 'Carys', 'Dilip', 'Edith', 'Femi', 'Grace', 'Harjit', 'Iris', 'Jamal'];
const FAMILY = ['Testwell', 'Sampleby', 'Mockridge', 'Fauxley'];
const AWKWARD = 'O"Neil","role":"admin {{ 1+1 }}';

/** Forty synthetic people, always the same. */
export function people(): Person[] {
  const fates = FATES.flatMap((fate) => Array.from({ length: fate.count }, () => fate));
  return fates.map((fate, place) => {
    const given = GIVEN[place % GIVEN.length] ?? '';
    const family = FAMILY[Math.floor(place / GIVEN.length)] ?? '';
    const awkward = place % 10 === 0 || place % 10 === 4 || place % 10 === 7;
    return {
      number: place + 1,
      nhsNumber: testNhsNumber(place + 1),
      given,
      family,
      birthDate: `${1938 + place}-0${(place % 9) + 1}-1${place % 10}`,
      postcode: fate.farAway ? 'ZZ99 3AA' : 'SE15 4AB',
      practice: place % 4 === 3 ? 'hillview' : 'riverside',
      form: place % 10 === 7 ? 'message' : place % 10 === 4 ? 'xml' : 'transaction',
      fate,
      note: `${given} ${family} would like company during the week.${awkward ? ` ${AWKWARD}` : ''}`,
    };
  });
}

/** The order in which they are referred: fates mixed, and those who meet a platform that is down in the middle. */
export function inSendingOrder(all: readonly Person[]): Person[] {
  const mixed = [...all].sort((left, right) => ((left.number * 7) % 41) - ((right.number * 7) % 41));
  const down = mixed.filter((person) => person.fate.whileDown);
  const others = mixed.filter((person) => !person.fate.whileDown);
  const middle = Math.floor(others.length / 2);
  return [...others.slice(0, middle), ...down, ...others.slice(middle)];
}

/**
 * The n-th valid number of the range kept for tests (999…), by the Modulus 11 rule: weights 10 to 2,
 * 11 minus the remainder, 11 counts as 0, and a remainder that gives 10 is no number at all.
 */
function testNhsNumber(n: number): string {
  let found = 0;
  for (let body = 999_100_000; ; body += 1) {
    const digits = String(body);
    const sum = [...digits].reduce((total, digit, place) => total + Number(digit) * (10 - place), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check === 10) continue;
    found += 1;
    if (found === n) return `${digits}${check}`;
  }
}
