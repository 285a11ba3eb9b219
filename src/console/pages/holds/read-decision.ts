import { TARGET_EQUIVALENCES } from '../../../core/terminology/concept-map.ts';
import { HOLD_CHOICES, type HoldDecision } from '../../engine-desk.ts';
import { LONGEST_REASON, type OfferedChoice } from './hold-words.ts';

export interface DecisionProblem {
  readonly text: string;
  readonly href: string;
}

export type DecisionRead =
  | { readonly decision: HoldDecision; readonly problems?: never }
  | { readonly decision?: never; readonly problems: readonly DecisionProblem[] };

/** Reads what somebody decided about a hold; only what was offered can be chosen. */
export function readDecision(
  form: URLSearchParams,
  offered: readonly OfferedChoice[],
  targets: readonly string[],
): DecisionRead {
  const field = (name: string): string => (form.get(name) ?? '').trim();
  const choice = HOLD_CHOICES.find((one) => one === field('choice') && offered.some(({ value }) => value === one));
  const reason = field('reason');
  const [system, code, equivalence] = [field('system'), field('code'), field('equivalence')];
  const isMap = choice === 'map';
  const problems = [
    ...(choice === undefined ? [{ text: 'Choose what is to be done.', href: '#choice-1' }] : []),
    ...(isMap && !targets.includes(system) ? [{ text: 'Choose the code system.', href: '#system' }] : []),
    ...(isMap && !/^[^\s|]{1,100}$/.test(code)
      ? [{ text: 'Write the code that it means, and nothing else.', href: '#code' }]
      : []),
    ...(isMap && !TARGET_EQUIVALENCES.includes(equivalence)
      ? [{ text: 'Say how the code that you give relates to the one that is held.', href: '#equivalence' }]
      : []),
    ...(reason === '' ? [{ text: 'Say why. It is written into the log.', href: '#reason' }] : []),
    ...([...reason].length > LONGEST_REASON
      ? [{ text: `A reason has at most ${LONGEST_REASON} characters.`, href: '#reason' }]
      : []),
  ];
  if (choice === undefined || problems.length > 0) return { problems };
  return { decision: { choice, reason, ...(isMap && { mapTo: `${system}|${code}`, equivalence }) } };
}
