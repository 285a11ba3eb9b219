import type {
  CapabilityStatement,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceInteraction,
  CapabilityStatementRestResourceSearchParam,
} from 'fhir/r4.js';
import type { TerminologyDoor } from '../../ports-terminology.ts';
import { AUDIT_PARAMS } from './audit-search.ts';
import { RESOURCE_TABLE, type ResourceRow } from './resource-table.ts';
import { OPERATIONS, TERMINOLOGY_PARAMS, TERMINOLOGY_TYPES } from './terminology-table.ts';

/**
 * What this server really does (R4 http §3.1.0.8), made from the same table as its routes.
 * @param startedAt an instant: since when it has been so.
 */
export function capabilityStatement(
  baseUrl: string,
  startedAt: string,
  terminology?: TerminologyDoor,
  hasAudit = false,
): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: startedAt,
    kind: 'instance',
    software: { name: 'Hearback' },
    implementation: { description: 'Referrals to social prescribing, and what became of them', url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'application/fhir+xml', 'json', 'xml'],
    rest: [
      {
        mode: 'server',
        documentation: terminology === undefined ? DOCUMENTATION : `${DOCUMENTATION} ${terminology.runsOn}`,
        security: { description: 'A bearer token (RFC 6750). A partner sees the resources of its own referrals only.' },
        resource: [
          ...RESOURCE_TABLE.map(resourceOf),
          ...(terminology === undefined ? [] : TERMINOLOGY_TYPES.map(terminologyOf)),
          ...(hasAudit ? [AUDIT_EVENT] : []),
        ],
        interaction: [
          {
            code: 'transaction',
            documentation: 'A referral: creates only. A Bundle of type message is taken as well.',
          },
        ],
        operation: [
          {
            name: 'process-message',
            definition: 'http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message',
          },
        ],
      },
    ],
  };
}

const DOCUMENTATION = [
  'Give every message an X-Request-Id (or a transaction Bundle an identifier): sent again it has one effect and gets the first answer.',
  'Prefer POST _search to GET where a parameter names a patient: urls are written to logs.',
  'Unknown search parameters are ignored with a warning, or refused with "Prefer: handling=strict".',
].join(' ');

const INTERACTION_TEXTS: Readonly<Record<string, string>> = {
  update: 'If-Match is required: without it the answer is 400, with another version than the current one 412.',
};

/** For auditors, whose tokens open nothing else. */
const AUDIT_EVENT: CapabilityStatementRestResource = {
  type: 'AuditEvent',
  documentation:
    'The message log, entry by entry, for auditors. With their tokens Provenance, too, is made from the log, and has the same parameters.',
  interaction: [{ code: 'read' }, { code: 'search-type' }],
  versioning: 'no-version',
  searchParam: AUDIT_PARAMS.map(({ name, kind, text }) => ({ name, type: kind, documentation: text })),
};

function resourceOf({ type, interactions, params, includes }: ResourceRow): CapabilityStatementRestResource {
  return {
    type,
    interaction: interactions.map((code): CapabilityStatementRestResourceInteraction => {
      const documentation = INTERACTION_TEXTS[code];
      return documentation === undefined ? { code } : { code, documentation };
    }),
    versioning: interactions.includes('update') ? 'versioned-update' : 'versioned',
    readHistory: false,
    updateCreate: false,
    conditionalCreate: false,
    conditionalRead: 'not-match',
    conditionalUpdate: false,
    conditionalDelete: 'not-supported',
    ...(includes.length > 0 && { searchInclude: includes.map(({ name }) => `${type}:${name}`) }),
    ...(params.length > 0 && { searchParam: params.map(searchParamOf) }),
  };
}

function terminologyOf(type: (typeof TERMINOLOGY_TYPES)[number]): CapabilityStatementRestResource {
  return {
    type,
    interaction: [{ code: 'read' }, { code: 'search-type' }],
    searchParam: TERMINOLOGY_PARAMS.map(({ name, kind }) => ({ name, type: kind })),
    operation: OPERATIONS.filter(({ operation }) => operation.startsWith(`${type}/`)).map(
      ({ operation, definition }) => ({
        name: operation.slice(operation.indexOf('$') + 1),
        definition,
      }),
    ),
  };
}

function searchParamOf({
  name,
  kind,
  text,
}: ResourceRow['params'][number]): CapabilityStatementRestResourceSearchParam {
  return { name, type: kind, documentation: text };
}
