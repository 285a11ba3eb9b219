import { createHmac } from 'node:crypto';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
} from 'openid-client';
import { CONSOLE_ROLES, type ConsoleRole, type Standing } from '../../ports-console.ts';

/** Signing in elsewhere: OpenID Connect Core 1.0, 3.1 (code flow), with PKCE (RFC 7636) and a nonce. */
export interface OpenId {
  /** Where to send a browser that holds `secret`, so that it comes back to `next`. Rejects when the service does not answer. */
  start(secret: string, next: string): Promise<URL>;
  /** What the service says of who came back with this query. */
  finish(secret: string, query: URLSearchParams): Promise<OpenIdAnswer>;
}

export type OpenIdAnswer =
  | { readonly kind: 'user'; readonly user: Standing & { readonly name: string }; readonly next: string }
  /** The service knows them, and nothing that it says of them gives a role here. */
  | { readonly kind: 'no-role'; readonly name: string }
  /** Not the browser that was sent there, an old or forged answer, or the user gave up. */
  | { readonly kind: 'no' };

export interface OpenIdSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Of the console as browsers know it, without a slash at its end. */
  readonly address: string;
  readonly local: boolean;
  readonly scope: string;
  readonly nameClaim: string;
  readonly rolesClaim: string;
  readonly partnersClaim?: string;
  readonly roles: Readonly<Record<ConsoleRole, readonly string[]>>;
}

/** Seconds that the service may take for one answer. */
const TIMEOUT = 10;

export function openIdConnect(settings: OpenIdSettings): OpenId {
  let known: Promise<Configuration> | undefined;
  const configuration = () => {
    known ??= discover(settings).catch((fault: unknown) => {
      // It may be back when the next one comes.
      known = undefined;
      throw fault;
    });
    return known;
  };
  const redirect = `${settings.address}/sign-in/return`;
  return {
    async start(secret, next) {
      return buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirect,
        scope: settings.scope,
        state: stateOf(secret, next),
        nonce: derived(secret, 'nonce'),
        code_challenge: await calculatePKCECodeChallenge(derived(secret, 'verifier')),
        code_challenge_method: 'S256',
      });
    },
    async finish(secret, query) {
      const next = nextIn(query.get('state') ?? '');
      // Before anybody is asked: an answer that this browser did not fetch is none.
      if (query.get('state') !== stateOf(secret, next) || query.get('code') === null) return { kind: 'no' };
      const service = await configuration();
      try {
        const claims = await claimsOf(service, new URL(`${redirect}?${query}`), {
          secret,
          state: stateOf(secret, next),
          wanted: [settings.nameClaim, settings.rolesClaim, settings.partnersClaim ?? settings.nameClaim],
        });
        return answerOf(claims, next, settings);
      } catch (fault) {
        if (isTheirRefusal(fault)) return { kind: 'no' };
        throw fault;
      }
    },
  };
}

function discover({ issuer, clientId, clientSecret, local }: OpenIdSettings): Promise<Configuration> {
  return discovery(new URL(issuer), clientId, clientSecret, undefined, {
    timeout: TIMEOUT,
    ...(local && { execute: [allowInsecureRequests] }),
  });
}

/** State, nonce and verifier are made of the one secret that the browser holds: nothing has to be kept until it is back. */
function derived(secret: string, what: string): string {
  return createHmac('sha256', secret).update(`hearback open-id ${what}`).digest('base64url');
}

function stateOf(secret: string, next: string): string {
  return `${derived(secret, `state ${next}`)}.${Buffer.from(next).toString('base64url')}`;
}

function nextIn(state: string): string {
  return Buffer.from(state.slice(state.indexOf('.') + 1), 'base64url').toString();
}

type Claims = Readonly<Record<string, unknown>>;

async function claimsOf(
  service: Configuration,
  url: URL,
  { secret, state, wanted }: { readonly secret: string; readonly state: string; readonly wanted: readonly string[] },
): Promise<Claims> {
  const tokens = await authorizationCodeGrant(service, url, {
    pkceCodeVerifier: derived(secret, 'verifier'),
    expectedState: state,
    expectedNonce: derived(secret, 'nonce'),
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Error('the service gave no id token');
  const isWhole = wanted.every((name) => claims[name] !== undefined);
  if (isWhole || service.serverMetadata().userinfo_endpoint === undefined) return claims;
  return { ...(await fetchUserInfo(service, tokens.access_token, claims.sub)), ...claims };
}

/** What the library throws for an answer that cannot be right, or one that says no; not for a service that does not answer. */
function isTheirRefusal(fault: unknown): boolean {
  const names = ['AuthorizationResponseError', 'ResponseBodyError', 'ClientError', 'OperationProcessingError'];
  return fault instanceof Error && names.includes(fault.name) && !isAway(fault);
}

function isAway({ cause }: Error): boolean {
  return cause instanceof TypeError || (cause instanceof Error && ['TimeoutError', 'AbortError'].includes(cause.name));
}

/** What stands in pages and in the message log as who it was: ids, addresses of mail, numbers. */
const NAME = /^[\w.@+-]{1,100}$/;

function answerOf(claims: Claims, next: string, settings: OpenIdSettings): OpenIdAnswer {
  const name = [claims[settings.nameClaim], claims['sub']].find(
    (one): one is string => typeof one === 'string' && NAME.test(one),
  );
  if (name === undefined) return { kind: 'no' };
  const groups = wordsOf(claims[settings.rolesClaim]);
  const roles = CONSOLE_ROLES.filter((role) => settings.roles[role].some((group) => groups.includes(group)));
  if (roles.length === 0) return { kind: 'no-role', name };
  const { partnersClaim } = settings;
  const limits = partnersClaim !== undefined && { partners: wordsOf(claims[partnersClaim]) };
  return { kind: 'user', user: { name, roles, ...limits }, next };
}

function wordsOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(/[\s,]+/).filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word): word is string => typeof word === 'string') : [];
}
