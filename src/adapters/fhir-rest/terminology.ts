import type { Bundle, FhirResource, Parameters } from 'fhir/r4.js';
import type { Finding } from '../../core/finding.ts';
import { isResourceType } from '../../core/referral.ts';
import { givenInAddress } from '../../core/terminology/service/given.ts';
import type { TerminologyOperation } from '../../core/terminology/service/operation.ts';
import type { TerminologyResource } from '../../ports-terminology.ts';
import { outcomeAnswer, resourceAnswer } from './answer.ts';
import { bodyOf, type Call, type FhirRouterParts, type Handler, segment } from './call.ts';
import { readBody } from './read-body.ts';
import { TERMINOLOGY_PARAMS, type TerminologyType } from './terminology-table.ts';

/** GET and POST [type]/$[name] (R4 operations §3.2.0.3): parameters in the address, or in a Parameters resource. */
export function operationHandler(operation: TerminologyOperation): Handler {
  return async (call, parts) => {
    const { terminology } = parts;
    const given = readGiven(call, parts);
    if ('findings' in given) return outcomeAnswer(400, given.findings, call.tongue);
    if (terminology === undefined) throw new Error('a terminology route without a terminology');
    const answer = await terminology.perform(operation, given.parameters);
    if (answer.kind === 'refused') return outcomeAnswer(answer.status, answer.findings, call.tongue);
    return resourceAnswer(200, answer.resource, call.tongue.format);
  };
}

type ReadGiven = { readonly parameters: Parameters } | { readonly findings: readonly Finding[] };

function readGiven({ request, query }: Call, { limits }: FhirRouterParts): ReadGiven {
  const inAddress = givenInAddress(query);
  const body = bodyOf(request);
  if (request.method !== 'POST' || body.length === 0) return { parameters: inAddress };
  const { content, findings } = readBody(body, request.headers['content-type'], limits);
  if (findings.length > 0) return { findings };
  if (!isParameters(content)) return { findings: [notParameters()] };
  return { parameters: { ...content, parameter: [...(content.parameter ?? []), ...(inAddress.parameter ?? [])] } };
}

function isParameters(content: unknown): content is Parameters {
  if (!isResourceType(content, 'Parameters')) return false;
  const list: unknown = 'parameter' in content ? content.parameter : [];
  return Array.isArray(list) && list.every((one: unknown) => typeof one === 'object' && one !== null && 'name' in one);
}

function notParameters(): Finding {
  return {
    severity: 'error',
    rule: 'terminology/parameters',
    place: {},
    message: 'The body is no Parameters resource with named parameters.',
    remedy: 'Send {"resourceType":"Parameters","parameter":[{"name":…}]}, or put the parameters into the address.',
    issue: 'structure',
  };
}

/** GET [type]/[id] of the terminology directory. */
export function readTerminologyHandler(type: TerminologyType): Handler {
  return async ({ request, tongue }, { terminology }) => {
    const id = segment(request, 'id');
    const found = terminology?.resources.find((one) => one.type === type && one.id === id);
    return found === undefined
      ? outcomeAnswer(404, [unknown()], tongue)
      : resourceAnswer(200, found.resource, tongue.format);
  };
}

/** GET [type]?url=…&_id=…&name=… (R4 search): all resources of a type, or those that the parameters name. */
export function searchTerminologyHandler(type: TerminologyType): Handler {
  return async ({ query, tongue }, { terminology, baseUrl, clock }) => {
    const wanted = query.filter(([name]) => TERMINOLOGY_PARAMS.some((one) => one.name === name));
    const found = (terminology?.resources ?? []).filter(
      (one) => one.type === type && wanted.every(([name, value]) => fits(one, name, value)),
    );
    const self = new URLSearchParams(wanted.map(([name, value]): [string, string] => [name, value])).toString();
    const bundle: Bundle<FhirResource> = {
      resourceType: 'Bundle',
      type: 'searchset',
      timestamp: clock.now().toISOString(),
      total: found.length,
      link: [{ relation: 'self', url: `${baseUrl}/${type}${self === '' ? '' : `?${self}`}` }],
      ...(found.length > 0 && {
        entry: found.map(({ id, resource }) => ({
          fullUrl: `${baseUrl}/${type}/${id}`,
          resource,
          search: { mode: 'match' as const },
        })),
      }),
    };
    return resourceAnswer(200, bundle, tongue.format);
  };
}

/** `url` and `_id` whole; `name` by its beginning, whatever the case. Commas part alternatives. */
function fits(one: TerminologyResource, param: string, value: string): boolean {
  return value.split(',').some((wanted) => {
    if (param === '_id') return one.id === wanted;
    if (param === 'url') return one.url === wanted;
    return one.name.toLowerCase().startsWith(wanted.toLowerCase());
  });
}

function unknown(): Finding {
  return {
    severity: 'error',
    rule: 'fhir/unknown-resource',
    place: {},
    message: 'There is no such resource in the terminology directory.',
    remedy: 'Search for it by url.',
    issue: 'not-found',
  };
}
