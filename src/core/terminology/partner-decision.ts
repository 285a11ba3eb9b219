import { FHIR_BASE } from '../referral.ts';
import { isJsonObject, type JsonObject, objectsOf, textIn } from './resource-flaw.ts';

/** What a person decided about one partner’s code. */
export interface PartnerDecision {
  readonly partner: string;
  /** Id of the map whose question it answers; the partner's own map has the same id, and decides first. */
  readonly map: string;
  readonly system: string;
  readonly code: string;
  /** The system that the map leads to. */
  readonly target: string;
  /** Absent: there is no counterpart. */
  readonly to?: { readonly code: string; readonly display?: string; readonly equivalence: string };
  readonly reason: string;
  /** `user:<name>`. */
  readonly by: string;
  /** UTC instant. */
  readonly at: string;
  /** The hold that it answers. */
  readonly hold: string;
}

/** Who decided, when, and which question: on each target that a person gave. */
const DECISION = `${FHIR_BASE}/StructureDefinition/decision`;

/**
 * The file of a partner’s own ConceptMap with one more decision in it, as text: groups and codes in a fixed order, so that a
 * reviewer sees one decision as one change. An earlier decision about the same code is replaced.
 * @param before the file as it is; undefined when there is none
 */
export function withDecision(before: string | undefined, decision: PartnerDecision): string {
  const parsed: unknown = before === undefined ? undefined : JSON.parse(before);
  const former = isJsonObject(parsed) ? parsed : undefined;
  const version = String(Number(textIn(former, 'version') ?? '0') + 1);
  const groups = new Map(
    objectsOf(former?.['group']).map(({ object }) => [groupKey(object), objectsOf(object['element'])] as const),
  );
  const key = groupKey({ source: decision.system, target: decision.target });
  if (!groups.has(key)) groups.set(key, []);
  const group = [...groups].sort(byKey).flatMap(([name, elements]) => {
    const [source, target]: unknown[] = JSON.parse(name);
    // A code decided before may have led to another system: it is decided once.
    const others = elements
      .map(({ object }) => object)
      .filter(({ code }) => source !== decision.system || code !== decision.code);
    const all = name === key ? [...others, elementOf(decision)] : others;
    return all.length === 0 ? [] : [{ source, target, element: all.sort(byCode) }];
  });
  return `${JSON.stringify({ ...headOf(former, decision), version, date: decision.at.slice(0, 10), group }, null, 2)}\n`;
}

function groupKey({ source, target }: JsonObject): string {
  return JSON.stringify([source, target ?? '']);
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

function byCode(one: JsonObject, other: JsonObject): number {
  return String(one['code']) < String(other['code']) ? -1 : 1;
}

function headOf(former: JsonObject | undefined, { map, partner }: PartnerDecision): JsonObject {
  if (former !== undefined) return former;
  return {
    resourceType: 'ConceptMap',
    id: map,
    url: `${FHIR_BASE}/ConceptMap/${map}/partners/${partner}`,
    version: '1',
    title: `What codes of ${partner} mean (${map})`,
    status: 'active',
    experimental: false,
    date: '',
    publisher: 'Hearback',
    description: `Decided by people when a code of ${partner} was held: each with the reason, by whom and when. Written by hearback holds resolve; it decides before the general map ${map}.`,
    copyright:
      'Decisions of this deployment. Codes of SNOMED CT in it are licensed by SNOMED International (in the UK: the NHS England TRUD licence).',
  };
}

function elementOf({ code, to, reason, by, at, hold }: PartnerDecision): JsonObject {
  const decided = [
    { url: 'by', valueString: by },
    { url: 'at', valueInstant: at },
    { url: 'hold', valueString: hold },
  ];
  const target = to === undefined ? { equivalence: 'unmatched' } : to;
  return { code, target: [{ extension: [{ url: DECISION, extension: decided }], ...target, comment: reason }] };
}
