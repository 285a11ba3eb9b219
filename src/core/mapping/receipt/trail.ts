import type { TracedItems } from '../../fhirpath/compile-path.ts';
import { isObject, type Node } from '../../fhirpath/items.ts';
import { sourcesOf } from '../../fhirpath/tracing.ts';
import type { Place } from '../../finding.ts';
import type { MapStamp } from '../../terminology/map-stamp.ts';
import type { Terminology, Translation } from '../../terminology/terminology.ts';
import { type HeardTranslation, Marks } from './marks.ts';
import type { Production } from './production.ts';
import type { Rule, TranslatedCode } from './receipt.ts';
import { inputNodes, spotOf } from './spot.ts';

/** What a concept map was asked, and what it answered. */
export interface AskedMap {
  readonly map: string;
  readonly system: string;
  readonly code: string;
  readonly found: Translation;
}

/** What one run leaves behind for its receipt. */
export class Trail {
  readonly marks = new Marks();
  /** What has been made within the part that is being made. */
  made: Production[] = [];
  /** What the expressions of the part that is being made gave; undefined outside of one. */
  found: TracedItems[] | undefined;
  deciding = false;
  readonly #terminology: Pick<Terminology, 'versionOfMap'>;

  constructor(terminology: Pick<Terminology, 'versionOfMap'>) {
    this.#terminology = terminology;
  }

  /** Hears what an expression gave, and what its conditions looked at. */
  read(at: Place, found: TracedItems): void {
    for (const node of found.decided) this.#decide(node, at);
    for (const { holder, field } of found.looked) this.marks.at({ holder, key: field }).decidedBy ??= ruleOf(at);
    if (this.found !== undefined) this.found.push(found);
    else if (this.deciding) for (const item of found.items) for (const node of sourcesOf(item)) this.#decide(node, at);
  }

  /** Hears what a concept map was asked. */
  translated(item: unknown, asked: AskedMap): void {
    const heard = heardFrom(asked, this.#terminology.versionOfMap?.(asked.map));
    for (const source of sourcesOf(item)) {
      for (const node of inputNodes(source)) {
        for (const spot of codeSpots(node)) this.marks.at(spot).translated(heard);
      }
    }
  }

  #decide(source: Node, at: Place): void {
    for (const node of inputNodes(source)) {
      if (isObject(node.data) || node.data === null || node.data === undefined) continue;
      const spot = spotOf(node);
      if (spot !== undefined) this.marks.at(spot).decidedBy ??= ruleOf(at);
    }
  }
}

const rules = new WeakMap<Place, Rule>();

function ruleOf(place: Place): Rule {
  const known = rules.get(place);
  if (known !== undefined) return known;
  const { file = '', line, column, expression = '' } = place;
  const rule = {
    file,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    written: expression,
  };
  rules.set(place, rule);
  return rule;
}

function heardFrom({ map, system, code, found }: AskedMap, version: MapStamp | undefined): HeardTranslation {
  const told: TranslatedCode = {
    map,
    ...version,
    ...(found.kind !== 'unknown' && { from: `${system}|${code}` }),
    ...(found.kind === 'match' && { to: `${found.system}|${found.code}` }),
    equivalence: found.kind === 'match' ? found.equivalence : found.kind,
  };
  return { told, gave: found.kind === 'match' ? [found.code, found.system, found.display] : [] };
}

/** A code and the system that stands beside it are translated together: those of a Coding, or a code and its neighbour. */
export function codeSpots(node: Node): { holder: object; key: string | number }[] {
  if (isObject(node.data)) return spotsIn(node.data);
  const spot = spotOf(node);
  if (spot === undefined) return [];
  return spot.key === 'code' && isObject(spot.holder) ? spotsIn(spot.holder) : [spot];
}

function spotsIn(holder: Readonly<Record<string, unknown>>): { holder: object; key: string }[] {
  return ['code', 'system'].filter((key) => typeof holder[key] === 'string').map((key) => ({ holder, key }));
}
