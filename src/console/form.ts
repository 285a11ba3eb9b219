import express, { type Request, type Response } from 'express';
import type { RouteAccess } from './access.ts';

const TYPE = 'application/x-www-form-urlencoded';
const USUAL_KB = 64;

/** The form that a POST brings, read only now that it is known who asks. Rejects with status 413 when it is too long. */
export async function readForm(request: Request, response: Response, route: RouteAccess): Promise<URLSearchParams> {
  if (route.method !== 'POST') return new URLSearchParams();
  const read = express.text({ type: TYPE, limit: (route.formKb ?? USUAL_KB) * 1_024 });
  await new Promise<void>((resolve, reject) => {
    read(request, response, (fault?: unknown) => (fault === undefined ? resolve() : reject(fault)));
  });
  const body: unknown = request.body;
  return new URLSearchParams(typeof body === 'string' ? body : '');
}

/**
 * Whether a browser says that one of our own pages sent the form. One that says nothing (old, or no browser) is judged by the token alone,
 * which is asked for in any case. `host` is what the browser asked for: behind a proxy, what that says (X-Forwarded-Host).
 */
export function isFromOwnPage({ headers, host }: Pick<Request, 'headers' | 'host'>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  const { origin } = headers;
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
