import type { Finding } from '../../core/finding.ts';
import type { MappingFrom, MappingTo } from '../../core/mapping/direction.ts';
import type { Config } from '../schema.ts';

/** What is known of a mapping once it is compiled. */
interface Direction {
  readonly from: MappingFrom;
  readonly to: MappingTo;
}

/**
 * Every mapping that a partner names for HL7 v2 reads and makes what is needed there. Found out at the start, because a mapping
 * that goes the other way would refuse every message, or send none.
 */
export function directionFindings(config: Config, mappings: ReadonlyMap<string, Direction>, file: string): Finding[] {
  return config.partners.flatMap(({ kind, inlets, outlets }, partner) => {
    const inward: Direction = { from: 'hl7v2', to: kind === 'gp-system' ? 'fhir/referral' : 'fhir/report' };
    const check =
      (list: string, wanted: Direction) => (door: (typeof inlets)[number] | (typeof outlets)[number], at: number) =>
        door.type !== 'mllp'
          ? []
          : Object.entries(door.mappings).flatMap(([key, name]) => {
              const found = name === undefined ? undefined : mappings.get(name);
              const fits = found === undefined || (found.from === wanted.from && found.to === wanted.to);
              return fits ? [] : [wrongWay(file, `/partners/${partner}/${list}/${at}/mappings/${key}`, wanted)];
            });
    return [
      ...inlets.flatMap(check('inlets', inward)),
      ...outlets.flatMap(check('outlets', { from: 'fhir/referral', to: 'hl7v2' })),
    ];
  });
}

function wrongWay(file: string, expression: string, { from, to }: Direction): Finding {
  return {
    severity: 'error',
    rule: 'config/mapping-direction',
    place: { file, expression },
    message: 'The mapping that is named here reads or makes something else.',
    remedy: `Name one with "from: ${from}" and "to: ${to}".`,
  };
}
