import { hl7Date, hl7Time, toHl7Time } from '../hl7v2/time.ts';
import { isoDate, isZone, toInstant, ukDate } from './local-time.ts';

/**
 * A function that expressions may call by name beyond FHIRPath's own: `value.name('argument', …)`. Applied to each
 * text of its input; pure: no clock, no chance, no I/O. Undefined gives nothing.
 */
export interface MappingFunction {
  /** How many text arguments it takes. */
  readonly parameters: number;
  readonly apply: (text: string, ...given: readonly string[]) => string | number | boolean | undefined;
  /** The file that it came from, when it stands beside a mapping: it counts as part of the mapping. */
  readonly text?: string;
  /** Says when the mapping is loaded what is wrong with arguments that stand there as literals. */
  readonly checkArguments?: (...given: readonly (string | undefined)[]) => string | undefined;
}

export const MAPPING_FUNCTIONS: ReadonlyMap<string, MappingFunction> = new Map<string, MappingFunction>([
  ['ukDate', { parameters: 0, apply: ukDate }],
  ['isoDate', { parameters: 0, apply: isoDate }],
  [
    'toInstant',
    {
      parameters: 1,
      apply: (text, zone = '') => toInstant(text, zone),
      checkArguments: checkZone,
    },
  ],
  ['hl7Date', { parameters: 0, apply: hl7Date }],
  ['hl7Time', { parameters: 1, apply: (text, zone = '') => hl7Time(text, zone), checkArguments: checkZone }],
  ['toHl7Time', { parameters: 0, apply: toHl7Time }],
]);

function checkZone(zone: string | undefined): string | undefined {
  if (zone !== undefined && isZone(zone)) return undefined;
  return "The zone must be an IANA name in quotes, like 'Europe/London'.";
}
