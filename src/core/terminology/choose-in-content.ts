import type { Finding } from '../finding.ts';
import { SNOMED_SYSTEM } from '../referral.ts';
import { type ChoiceGiven, type Chosen, chooseCodings, type OpenCode } from './choose-codings.ts';
import { isJsonObject, type JsonObject } from './resource-flaw.ts';

/** What a concept is for: which service is asked for, why, or anything else. */
export type ConceptUse = 'service' | 'need' | 'other';

export interface OpenConcept {
  readonly use: ConceptUse;
  readonly open: OpenCode;
}

/** Content with every coding chosen: the same object where nothing was to change. */
export interface ChosenContent {
  readonly content: unknown;
  readonly open: readonly OpenConcept[];
  readonly findings: readonly Finding[];
}

interface Walk extends ChoiceGiven {
  /** `Type/id` of the Conditions that a referral gives as its reason. */
  readonly reasons: ReadonlySet<string>;
  readonly open: OpenConcept[];
  readonly findings: Finding[];
}

interface Spot {
  readonly at: string;
  /** The resource that it belongs to, and the element. */
  readonly resource: JsonObject;
  readonly element: string;
}

/**
 * Applies the rules for codings to everything in FHIR R4 content: a resource, or a Bundle of them. A code that nobody
 * knows is open where it says which need there is; one that is damaged, wherever it stands.
 */
export function chooseInContent(
  content: unknown,
  given: ChoiceGiven & { readonly reasons?: ReadonlySet<string> },
): ChosenContent {
  const walk: Walk = { ...given, reasons: given.reasons ?? new Set(), open: [], findings: [] };
  const root = isJsonObject(content) ? content : {};
  const at = typeof root['resourceType'] === 'string' ? root['resourceType'] : '';
  const chosen = visit(content, { at, resource: root, element: '' }, walk);
  return { content: chosen, open: walk.open, findings: walk.findings };
}

function visit(node: unknown, spot: Spot, walk: Walk): unknown {
  if (Array.isArray(node)) {
    return unlessSame(
      node,
      node.map((item: unknown, index) => visit(item, { ...spot, at: `${spot.at}[${index}]` }, walk)),
    );
  }
  if (!isJsonObject(node)) return node;
  if (Array.isArray(node['coding'])) return concept(node, node['coding'], spot, walk);
  if (node['system'] === SNOMED_SYSTEM && node['code'] !== undefined) return bareCoding(node, spot, walk);
  const resource = typeof node['resourceType'] === 'string' ? node : spot.resource;
  const entries = Object.entries(node).map(([name, value]): [string, unknown] => {
    const element = resource === node ? name : spot.element;
    return [
      name,
      typeof value === 'object' ? visit(value, { at: `${spot.at}.${name}`, resource, element }, walk) : value,
    ];
  });
  return entries.every(([name, value]) => value === node[name]) ? node : Object.fromEntries(entries);
}

function unlessSame(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.every((item, index) => item === before[index]) ? before : after;
}

function concept(node: JsonObject, received: readonly unknown[], spot: Spot, walk: Walk): unknown {
  const codings = received.filter(isJsonObject);
  // What is no list of objects the structural check has refused.
  if (codings.length !== received.length) return node;
  const chosen = chooseCodings(codings, `${spot.at}.coding`, walk);
  note(chosen, useOf(spot, walk), walk);
  return chosen.changed ? { ...node, coding: chosen.codings } : node;
}

/** A Coding by itself has room for one: what is meant. */
function bareCoding(node: JsonObject, spot: Spot, walk: Walk): unknown {
  const chosen = chooseCodings([node], spot.at, walk);
  note(chosen, 'other', walk);
  return chosen.changed ? chosen.codings[0] : node;
}

function note({ open, findings }: Chosen, use: ConceptUse, walk: Walk): void {
  walk.findings.push(...findings);
  for (const one of open) if (use === 'need' || one.damaged) walk.open.push({ use, open: one });
}

function useOf({ resource, element }: Spot, walk: Walk): ConceptUse {
  const type = resource['resourceType'];
  if (type === 'ServiceRequest' && element === 'reasonCode') return 'need';
  if ((type === 'ServiceRequest' || type === 'Task') && element === 'code') return 'service';
  return type === 'Condition' && element === 'code' && walk.reasons.has(`Condition/${String(resource['id'])}`)
    ? 'need'
    : 'other';
}
