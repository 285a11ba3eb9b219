import type { Request, RequestHandler } from 'express';
import type { FhirSizeLimits } from '../../core/fhir/referral-size.ts';
import type { Answer } from '../../core/message.ts';
import type { StoredResource } from '../../core/referral.ts';
import type { Clock, Ids, Intake, Log } from '../../ports.ts';
import type { Store } from '../../ports-record.ts';
import type { TerminologyDoor } from '../../ports-terminology.ts';
import type { Tongue } from './answer.ts';
import type { AuditDoor } from './audit-door.ts';
import type { FhirPartner } from './authenticate.ts';
import type { Preference } from './prefer.ts';
import type { Pair } from './search-query.ts';

export interface FhirLimits extends FhirSizeLimits {
  /** How deep a body may nest lists and objects. */
  readonly maxDepth: number;
  /** Matches on a page when the caller names no `_count`, and at most. */
  readonly pageSize: number;
  readonly maxPageSize: number;
}

/** What the FHIR endpoint is given. */
export interface FhirRouterParts {
  /** Absolute, without a slash at the end: `https://hearback.example/fhir`. */
  readonly baseUrl: string;
  readonly partners: readonly FhirPartner[];
  readonly intake: Intake;
  readonly store: Pick<Store, 'resource' | 'search' | 'referral'>;
  /** Told what a partner will be shown, before it is: a look at a record is itself recorded. */
  readonly onLook: OnSeen;
  /** Told what a partner was shown, once the answer was written to its end. */
  readonly onShown: OnSeen;
  /** Without one there are no terminology operations here. */
  readonly terminology?: TerminologyDoor;
  /** Without one no auditor reads the log here. */
  readonly audit?: AuditDoor;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly limits: FhirLimits;
  /** Runs once the partner is known (`response.locals.partner`), before anything is done for it. */
  readonly limitRate?: RequestHandler;
  /** Leaves the whole body in `request.body` as a Buffer; runs after both, so that nobody unknown has anything kept. */
  readonly readBody: RequestHandler;
}

export type OnSeen = (partner: string, seen: readonly StoredResource[]) => Promise<void>;

/** One authenticated request, negotiated. */
export interface Call {
  readonly partner: FhirPartner;
  readonly tongue: Tongue;
  readonly request: Request;
  readonly prefer: Preference;
  /** Parameters of the url, in order. */
  readonly query: readonly Pair[];
}

/** An answer with the stored resources that whoever receives it has seen then. */
export interface Served extends Answer {
  readonly shown?: readonly StoredResource[];
}

/** What a route does. Its answer is sent as it is. Rejects only for faults of our own or of the machine. */
export type Handler = (call: Call, parts: FhirRouterParts) => Promise<Served>;

/** The parameters of a request's url, decoded, in order. Broken escapes are kept as they are. */
export function queryOf(request: Request): Pair[] {
  const mark = request.url.indexOf('?');
  return mark < 0 ? [] : [...new URLSearchParams(request.url.slice(mark + 1))];
}

/** The body as raw bytes; empty when there was none. */
export function bodyOf(request: Request): Uint8Array {
  const body: unknown = request.body;
  return body instanceof Uint8Array ? body : new Uint8Array();
}

/** One segment of the path by its name in the route. */
export function segment(request: Request, name: string): string {
  const value: unknown = request.params[name];
  return typeof value === 'string' ? value : '';
}
