import type { StoredResource } from '../../core/referral.ts';

type Versioned = Pick<StoredResource, 'version' | 'lastUpdated'>;

/** `W/"3"`: the version as an ETag (R4 http §3.1.0.1.3). */
export function etag({ version }: Pick<Versioned, 'version'>): string {
  return `W/"${version}"`;
}

/** ETag and Last-Modified of a resource. */
export function versionHeaders(stored: Versioned): Record<string, string> {
  return { etag: etag(stored), 'last-modified': new Date(stored.lastUpdated).toUTCString() };
}

/** The version in an If-Match header, without its quotes; the header as it is when it is no single ETag. */
export function matchedVersion(header: string): string {
  return /^\s*(?:W\/)?"([^"]*)"\s*$/.exec(header)?.[1] ?? header.trim();
}

/** True when If-None-Match names the version that the caller would get: then it already has it (304). */
export function alreadyHas(header: string | undefined, stored: Versioned): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || matchedVersion(tag) === String(stored.version));
}
