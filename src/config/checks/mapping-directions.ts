import { formOf } from '../../core/content/media-type.ts';
import type { Finding } from '../../core/finding.ts';
import type { MappingFrom, MappingTo } from '../../core/mapping/direction.ts';
import type { Config } from '../schema.ts';

/** What is known of a mapping once it is compiled. */
interface Direction {
  readonly from: MappingFrom;
  readonly to: MappingTo;
}

interface Wanted {
  readonly fits: (mapping: Direction) => boolean;
  /** In words, for who must name another one. */
  readonly words: string;
}

/**
 * Every mapping that a partner names reads and makes what is needed there. Found out at the start, because a mapping that goes
 * the other way would refuse every message, or send none.
 */
export function directionFindings(config: Config, mappings: ReadonlyMap<string, Direction>, file: string): Finding[] {
  return config.partners.flatMap(({ kind, inlets, outlets }, partner) => {
    const check = (list: string, named: readonly Named[], at: number): Finding[] =>
      named.flatMap(({ key, name, wanted }) => {
        const found = mappings.get(name);
        if (found === undefined || wanted.fits(found)) return [];
        return [wrongWay(file, `/partners/${partner}/${list}/${at}/${key}`, wanted)];
      });
    return [
      ...inlets.flatMap((inlet, at) => check('inlets', namedByInlet(inlet, kind), at)),
      ...outlets.flatMap((outlet, at) => check('outlets', namedByOutlet(outlet), at)),
    ];
  });
}

interface Named {
  readonly key: string;
  readonly name: string;
  readonly wanted: Wanted;
}

type ConfigPartner = Config['partners'][number];

function namedByInlet(inlet: ConfigPartner['inlets'][number], kind: ConfigPartner['kind']): Named[] {
  if (inlet.type === 'webhook') return [{ key: 'mapping', name: inlet.mapping, wanted: REPORT }];
  if (inlet.type === 'amqp') {
    const { mapping, mappings = {} } = inlet;
    const whole = mapping === undefined ? [] : [{ key: 'mapping', name: mapping, wanted: REPORT }];
    return [...whole, ...namedIn(mappings, REPORT)];
  }
  if (inlet.type !== 'mllp') return [];
  const wanted = exactly({ from: 'hl7v2', to: kind === 'gp-system' ? 'fhir/referral' : 'fhir/report' });
  return namedIn(inlet.mappings, wanted);
}

function namedByOutlet(outlet: ConfigPartner['outlets'][number]): Named[] {
  if (outlet.type === 'fhir') return [];
  return namedIn(
    outlet.mappings ?? {},
    outlet.type === 'mllp' ? exactly({ from: 'fhir/referral', to: 'hl7v2' }) : OUTWARD,
  );
}

function namedIn(mappings: Readonly<Record<string, string | undefined>>, wanted: Wanted): Named[] {
  return Object.entries(mappings).flatMap(([key, name]) =>
    name === undefined ? [] : [{ key: `mappings/${key}`, name, wanted }],
  );
}

const REPORT: Wanted = {
  fits: ({ from }) => formOf(from) !== undefined,
  words: '"from: json", "form", "xml", "csv" or "fhir/message"',
};

const OUTWARD: Wanted = {
  fits: ({ from, to }) => from === 'fhir/referral' && to !== 'hl7v2',
  words: '"from: fhir/referral" and another "to" than hl7v2',
};

function exactly(wanted: Direction): Wanted {
  return {
    fits: ({ from, to }) => from === wanted.from && to === wanted.to,
    words: `"from: ${wanted.from}" and "to: ${wanted.to}"`,
  };
}

function wrongWay(file: string, expression: string, { words }: Wanted): Finding {
  return {
    severity: 'error',
    rule: 'config/mapping-direction',
    place: { file, expression },
    message: 'The mapping that is named here reads or makes something else.',
    remedy: `Name one with ${words}.`,
  };
}
