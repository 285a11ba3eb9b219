import { auditFormHandler, auditReadHandler, auditSearchHandler } from './audit.ts';
import type { Scope } from './authenticate.ts';
import type { FhirRouterParts, Handler } from './call.ts';
import { readHandler } from './read-resource.ts';
import { bundleHandler, createHandler, messageHandler, updateHandler } from './receive.ts';
import { RESOURCE_TABLE, type ResourceRow } from './resource-table.ts';
import { formSearchHandler, searchHandler } from './search-resources.ts';
import { operationHandler, readTerminologyHandler, searchTerminologyHandler } from './terminology.ts';
import { OPERATIONS, TERMINOLOGY_TYPES } from './terminology-table.ts';

/** One method of one path: which scope it needs and what it does. GET answers HEAD as well. */
export interface Route {
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly scope: Scope;
  readonly handler: Handler;
}

/** Everything the endpoint does for a partner, in the order in which paths are tried. */
const ROUTES: readonly Route[] = [
  { path: '/', method: 'POST', scope: 'referral.write', handler: bundleHandler },
  { path: '/$process-message', method: 'POST', scope: 'referral.write', handler: messageHandler },
  ...RESOURCE_TABLE.flatMap(routesOf),
];

/** The routes of an endpoint with what it was given. */
export function routesFor({ terminology, audit }: FhirRouterParts): readonly Route[] {
  return [
    ...ROUTES,
    ...(terminology === undefined ? [] : TERMINOLOGY_ROUTES),
    ...(audit === undefined ? [] : AUDIT_ROUTES),
  ];
}

/** Of paths that others have too, each caller gets the one whose scope it has. */
const AUDIT_ROUTES: readonly Route[] = (['AuditEvent', 'Provenance'] as const).flatMap((type): Route[] => [
  { path: `/${type}`, method: 'GET', scope: 'audit', handler: auditSearchHandler(type) },
  { path: `/${type}/_search`, method: 'POST', scope: 'audit', handler: auditFormHandler(type) },
  { path: `/${type}/:id`, method: 'GET', scope: 'audit', handler: auditReadHandler(type) },
]);

const TERMINOLOGY_ROUTES: readonly Route[] = [
  ...OPERATIONS.flatMap(({ operation }): Route[] =>
    (['GET', 'POST'] as const).map((method) => ({
      path: `/${operation}`,
      method,
      scope: 'terminology',
      handler: operationHandler(operation),
    })),
  ),
  ...TERMINOLOGY_TYPES.flatMap((type): Route[] => [
    { path: `/${type}`, method: 'GET', scope: 'terminology', handler: searchTerminologyHandler(type) },
    { path: `/${type}/:id`, method: 'GET', scope: 'terminology', handler: readTerminologyHandler(type) },
  ]),
];

function routesOf(row: ResourceRow): Route[] {
  const { type, interactions } = row;
  const routes: Route[] = [];
  if (interactions.includes('search-type')) {
    routes.push({ path: `/${type}`, method: 'GET', scope: 'read', handler: searchHandler(row) });
    // Before /:id, which would take it for an id.
    routes.push({ path: `/${type}/_search`, method: 'POST', scope: 'read', handler: formSearchHandler(row) });
  }
  if (interactions.includes('create') && (type === 'Task' || type === 'ServiceRequest')) {
    routes.push({ path: `/${type}`, method: 'POST', scope: 'referral.write', handler: createHandler(type) });
  }
  if (interactions.includes('read'))
    routes.push({ path: `/${type}/:id`, method: 'GET', scope: 'read', handler: readHandler(type) });
  if (interactions.includes('update'))
    routes.push({ path: `/${type}/:id`, method: 'PUT', scope: 'task.write', handler: updateHandler });
  return routes;
}
