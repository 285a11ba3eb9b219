import express, { type NextFunction, type Request, type Response, Router } from 'express';
import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4.js';
import { capability } from './capability.ts';
import type { GpRecord } from './record.ts';
import { outcomeOf, type Refusal } from './refusal.ts';
import { readOne, search } from './search.ts';

interface Doors {
  readonly record: GpRecord;
  /** The bearer token that Hearback must bring. */
  readonly token: string;
  /** Milliseconds that a read of the record must still wait; 0 when it may be served. */
  readonly mayRead: () => { readonly waitMs: number };
  readonly onFiled: (requestId: string) => void;
  readonly onRefused: (requestId: string, refusal: Refusal) => void;
}

type Handler = (request: Request, response: Response) => void;

/**
 * The FHIR R4 endpoint of the record: transactions and single writes (conditional ones too), reads and searches. A write is
 * answered 2xx when it is filed, whatever the record's dictionary made of its codes.
 */
export function fhirDoors(doors: Doors): Router {
  const router = Router();
  router.use(echoIds);
  router.get('/metadata', (request, response) => send(response, 200, capability(baseOf(request))));
  router.use((request, response, next) => {
    if (request.headers.authorization === `Bearer ${doors.token}`) return next();
    response.setHeader('www-authenticate', 'Bearer');
    refuse(response, { status: 401, code: 'login', why: 'The token is not known here.' });
  });
  router.post('/Binary', express.raw({ type: (request) => !isJson(request.headers['content-type']), limit: '10mb' }));
  router.post('/:type/_search', express.urlencoded({ extended: false }), reading(doors, searching(doors)));
  router.use(express.json({ type: () => true, limit: '10mb' }));
  router.post(
    '/',
    writing(doors, ({ body }) => (isTransaction(body) ? body : undefined), transactionAnswer),
  );
  router.post('/:type', writing(doors, single, singleAnswer));
  router.put(['/:type', '/:type/:id'], writing(doors, single, singleAnswer));
  router.get('/:type', reading(doors, searching(doors)));
  router.get('/:type/:id', reading(doors, oneByName(doors)));
  router.use((_request, response) => {
    refuse(response, { status: 404, code: 'not-supported', why: 'There is no such door here.' });
  });
  router.use((_fault: unknown, _request: Request, response: Response, _next: NextFunction) => {
    refuse(response, { status: 400, code: 'structure', why: 'This cannot be read as FHIR JSON.' });
  });
  return router;
}

function echoIds(request: Request, response: Response, next: NextFunction): void {
  for (const name of ['x-request-id', 'x-correlation-id']) {
    const value = request.headers[name];
    if (typeof value === 'string') response.setHeader(name, value);
  }
  next();
}

function writing(
  { record, onFiled, onRefused }: Doors,
  read: (request: Request) => Bundle<FhirResource> | undefined,
  answer: (request: Request, response: Response, filed: Bundle) => void,
): Handler {
  return (request, response) => {
    const id = String(request.headers['x-request-id']);
    const bundle = read(request);
    const filed: { readonly response: Bundle } | Refusal =
      bundle === undefined
        ? { status: 422, code: 'structure', why: 'This is nothing that can be filed.' }
        : record.file(bundle);
    if ('why' in filed) {
      onRefused(id, filed);
      return refuse(response, filed);
    }
    onFiled(id);
    answer(request, response, filed.response);
  };
}

function transactionAnswer(_request: Request, response: Response, filed: Bundle): void {
  send(response, 200, filed);
}

/** R4 http §3.1.0.8: where it is, and in which version. What was filed stands there to be read. */
function singleAnswer(request: Request, response: Response, filed: Bundle): void {
  const { status = '200', location = '', etag = '' } = filed.entry?.[0]?.response ?? {};
  response.setHeader('location', `${baseOf(request)}/${location}`);
  response.setHeader('etag', etag);
  response.status(Number(status.slice(0, 3))).end();
}

/** A write by itself is a transaction of one. */
function single(request: Request): Bundle<FhirResource> | undefined {
  const { type } = request.params;
  const resource: unknown = Buffer.isBuffer(request.body) ? binaryOf(request) : request.body;
  if (!isResource(resource) || resource.resourceType !== type) return undefined;
  const url = request.originalUrl.slice(request.baseUrl.length + 1);
  const ifNoneExist = request.headers['if-none-exist'];
  const entry: BundleEntry<FhirResource> = {
    resource,
    request:
      request.method === 'PUT'
        ? { method: 'PUT', url }
        : { method: 'POST', url: type, ...(typeof ifNoneExist === 'string' && { ifNoneExist }) },
  };
  return { resourceType: 'Bundle', type: 'transaction', entry: [entry] };
}

/** Binary may come as the content itself (R4 binary §2.43). */
function binaryOf(request: Request): FhirResource {
  const contentType = request.headers['content-type'] ?? 'application/octet-stream';
  return { resourceType: 'Binary', contentType, data: request.body.toString('base64') };
}

function reading({ mayRead }: Doors, serve: Handler): Handler {
  return (request, response) => {
    const { waitMs } = mayRead();
    if (waitMs === 0) return serve(request, response);
    response.setHeader('retry-after', String(Math.ceil(waitMs / 1_000)));
    refuse(response, { status: 429, code: 'throttled', why: 'This record was read a moment ago.' });
  };
}

function searching({ record }: Doors): Handler {
  return (request, response) => {
    const query = new URLSearchParams(request.originalUrl.split('?')[1] ?? '');
    if (request.method === 'POST') {
      for (const [name, value] of Object.entries<unknown>(request.body ?? {}))
        for (const one of [value].flat()) query.append(name, String(one));
    }
    const found = search(record, { type: String(request.params['type']), query, base: baseOf(request) });
    if ('why' in found) refuse(response, found);
    else send(response, 200, found);
  };
}

function oneByName({ record }: Doors): Handler {
  return (request, response) => {
    const { type = '', id = '' } = request.params as { type?: string; id?: string };
    const resource = readOne(record, type, id);
    if (resource === undefined)
      return refuse(response, { status: 404, code: 'not-found', why: 'The record holds nothing of that name.' });
    response.setHeader('etag', `W/"${resource.meta?.versionId ?? '1'}"`);
    send(response, 200, resource);
  };
}

function baseOf(request: Request): string {
  return `${request.protocol}://${request.headers.host ?? 'localhost'}${request.baseUrl}`;
}

function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && /json/i.test(contentType);
}

function isResource(value: unknown): value is FhirResource {
  return (
    typeof value === 'object' && value !== null && 'resourceType' in value && typeof value.resourceType === 'string'
  );
}

function isTransaction(body: unknown): body is Bundle<FhirResource> {
  return isResource(body) && body.resourceType === 'Bundle' && body.type === 'transaction';
}

function refuse(response: Response, refusal: Refusal): void {
  send(response, refusal.status, outcomeOf(refusal));
}

function send(response: Response, status: number, resource: FhirResource): void {
  response.status(status).setHeader('cache-control', 'no-store');
  response.type('application/fhir+json').send(JSON.stringify(resource));
}
