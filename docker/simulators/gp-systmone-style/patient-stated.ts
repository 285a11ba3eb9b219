import type { Gender, Judgement, Stated } from '../gp-record/registered.ts';
import { type Fault, SEGMENT_SEQUENCE, UNKNOWN_KEY } from './acknowledgement.ts';
import { type Hl7Message, isoTime, type Repetition } from './hl7-message.ts';

/** Table HL70001. */
const GENDERS: Readonly<Record<string, Gender>> = { M: 'male', F: 'female', O: 'other', U: 'unknown' };

/** The patient as PID describes them. */
export function statedPatient(message: Hl7Message): Stated {
  const pid = message.first('PID');
  if (pid === undefined) return {};
  const nhsNumber = pid.repetitions(3).find(isNhsNumber)?.component(1);
  const gender = pid.text(8);
  return {
    ...(nhsNumber !== undefined && { nhsNumber }),
    family: some(pid.text(5, 1)),
    birthDate: some(isoTime(pid.text(7)).slice(0, 10)),
    gender: some(GENDERS[gender] ?? gender),
  };
}

/** The UK writes the authority in component 4, or 5, or says the type NH (protocols differ by site). */
function isNhsNumber(one: Repetition): boolean {
  return one.component(4) === 'NHS' || one.component(5) === 'NHS' || one.component(5) === 'NH';
}

function some(text: string): readonly string[] {
  return text === '' ? [] : [text];
}

const PLACES = { family: 'PID^1^5', birthDate: 'PID^1^7', gender: 'PID^1^8' } as const;
const NAMES = { family: 'surname', birthDate: 'birth date', gender: 'gender' } as const;

/** What is wrong with the patient of a message; undefined when all is well. */
export function patientFault(message: Hl7Message, judged: Judgement): Fault | undefined {
  if (message.first('PID') === undefined)
    return { code: SEGMENT_SEQUENCE, place: 'PID^1', words: 'There is no PID segment.' };
  switch (judged.kind) {
    case 'ours':
      return undefined;
    case 'not-registered':
      return { code: UNKNOWN_KEY, place: 'PID^1^3', words: 'The patient is not registered here.' };
    case 'moved': {
      const words = `The patient is registered with another practice now: ${judged.to}.`;
      return { code: UNKNOWN_KEY, place: 'PID^1^3', words };
    }
    case 'differs': {
      const [first = 'family'] = judged.fields;
      const words = `The patient does not match: ${judged.fields.map((field) => NAMES[field]).join(', ')}.`;
      return { code: UNKNOWN_KEY, place: PLACES[first], words };
    }
  }
}
