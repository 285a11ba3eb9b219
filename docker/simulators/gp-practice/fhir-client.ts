import type { Bundle, FhirResource, Task } from 'fhir/r4.js';

/** One answer, kept as it came. */
export interface FhirAnswer {
  readonly status: number;
  readonly etag?: string;
  readonly text: string;
  /** The body as a resource; absent when it is none. */
  readonly resource?: FhirResource;
}

export interface Outgoing {
  /** X-Request-Id: the same for every attempt of one message. */
  readonly id: string;
  readonly contentType: string;
  readonly body: string;
}

export interface FhirClient {
  post(path: string, outgoing: Outgoing): Promise<FhirAnswer>;
  read(type: string, id: string): Promise<FhirAnswer>;
  /** PUT with If-Match: the version that the change was made from. */
  update(task: Task, given: { readonly id: string; readonly ifMatch: string }): Promise<FhirAnswer>;
  search(type: string, form: URLSearchParams): Promise<Bundle<FhirResource>>;
  page(url: string): Promise<Bundle<FhirResource>>;
}

const JSON_TYPE = 'application/fhir+json';

/** The way a GP system speaks to Hearback: a base, a bearer token, FHIR JSON back. Rejects when nobody answers. */
export function newFhirClient(base: string, token: string): FhirClient {
  const ask = async (
    url: string,
    init: RequestInit & { headers?: Record<string, string> } = {},
  ): Promise<FhirAnswer> => {
    const headers = { authorization: `Bearer ${token}`, accept: JSON_TYPE, ...init.headers };
    const response = await fetch(url, { ...init, headers });
    const text = await response.text();
    const etag = response.headers.get('etag');
    const resource = resourceOf(text);
    return { status: response.status, text, ...(etag !== null && { etag }), ...(resource && { resource }) };
  };
  const bundle = async (answer: Promise<FhirAnswer>): Promise<Bundle<FhirResource>> => {
    const { status, resource } = await answer;
    if (!isBundle(resource)) throw new Error(`a search was answered ${status}`);
    return resource;
  };
  return {
    post: (path, { id, contentType, body }) =>
      ask(`${base}${path}`, { method: 'POST', headers: { 'content-type': contentType, 'x-request-id': id }, body }),
    read: (type, id) => ask(`${base}/${type}/${id}`),
    update: (task, { id, ifMatch }) =>
      ask(`${base}/Task/${task.id}`, {
        method: 'PUT',
        headers: { 'content-type': JSON_TYPE, 'x-request-id': id, 'if-match': ifMatch },
        body: JSON.stringify(task),
      }),
    search: (type, form) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return bundle(ask(`${base}/${type}/_search`, { method: 'POST', headers, body: form.toString() }));
    },
    page: (url) => bundle(ask(url)),
  };
}

/** True for a Bundle; says nothing of its entries. */
export function isBundle(value: unknown): value is Bundle<FhirResource> {
  return typeof value === 'object' && value !== null && 'resourceType' in value && value.resourceType === 'Bundle';
}

function resourceOf(text: string): FhirResource | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isResource(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isResource(value: unknown): value is FhirResource {
  return (
    typeof value === 'object' && value !== null && 'resourceType' in value && typeof value.resourceType === 'string'
  );
}
