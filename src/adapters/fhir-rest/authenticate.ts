import { createHash, timingSafeEqual } from 'node:crypto';
import type { OutcomeDialect } from '../../core/fhir/operation-outcome.ts';
import type { Finding } from '../../core/finding.ts';

export type Scope = 'referral.write' | 'task.write' | 'read' | 'terminology' | 'audit';

/** A partner as this door knows it. Tokens are kept as lower-case hex SHA-256 only. */
export interface FhirPartner {
  readonly partner: string;
  readonly tokens: readonly string[];
  readonly scopes: readonly Scope[];
  readonly dialect: OutcomeDialect;
}

type Admission =
  | { readonly kind: 'partner'; readonly partner: FhirPartner }
  | { readonly kind: 'refused'; readonly challenge: string; readonly finding: Finding };

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

/**
 * Who is calling (RFC 6750 §2.1). Every known digest is compared in constant time and none is skipped,
 * so that the time taken says nothing about how near a guess was or whose token it resembled.
 */
export function authenticate(authorization: string | undefined, partners: readonly FhirPartner[]): Admission {
  const token = BEARER.exec(authorization ?? '')?.[1];
  if (token === undefined) return refused('Bearer realm="fhir"');
  const shown = createHash('sha256').update(token).digest();
  let found: FhirPartner | undefined;
  for (const partner of partners) {
    for (const digest of partner.tokens) if (sameDigest(shown, digest)) found = partner;
  }
  return found === undefined
    ? refused('Bearer realm="fhir", error="invalid_token"')
    : { kind: 'partner', partner: found };
}

function sameDigest(shown: Buffer, hex: string): boolean {
  const known = Buffer.from(hex, 'hex');
  return known.length === shown.length && timingSafeEqual(known, shown);
}

function refused(challenge: string): Admission {
  const finding: Finding = {
    severity: 'error',
    rule: 'http/unauthenticated',
    place: { expression: 'Authorization' },
    message: 'The request does not show a token that is known here.',
    remedy: 'Send "Authorization: Bearer <token>" with the token that the operator gave you.',
    issue: 'login',
  };
  return { kind: 'refused', challenge, finding };
}

/** Why a partner may not do this, if it may not. */
export function scopeFinding(partner: FhirPartner, scope: Scope): Finding | undefined {
  if (partner.scopes.includes(scope)) return undefined;
  return {
    severity: 'error',
    rule: 'http/scope',
    place: { expression: 'Authorization' },
    message: `The token does not carry the scope "${scope}".`,
    remedy: 'Ask the operator to add the scope to this partner, or use another token.',
    issue: 'forbidden',
  };
}
