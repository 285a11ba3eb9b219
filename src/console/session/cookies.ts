import { parseCookie, stringifySetCookie } from 'cookie';

/** Cookies of the console. */
export type CookieKind = 'session' | 'form' | 'open-id';

interface CookieRules {
  /** Over TLS: then the name begins with `__Host-`, which browsers take only with Secure, for this host alone, from the path `/`. */
  readonly secure: boolean;
  /** Lax only where another site sends the browser here to sign in. */
  readonly sameSite: 'strict' | 'lax';
}

export function cookieName(kind: CookieKind, { secure }: Pick<CookieRules, 'secure'>): string {
  return `${secure ? '__Host-' : ''}hearback-${kind}`;
}

/** What a Cookie header holds of one of ours; undefined for anything that we would not have set. */
export function readCookie(
  header: string | undefined,
  kind: CookieKind,
  rules: Pick<CookieRules, 'secure'>,
): string | undefined {
  const value = parseCookie(header ?? '')[cookieName(kind, rules)];
  return value !== undefined && SECRET.test(value) ? value : undefined;
}

/** 256 bits in base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** A Set-Cookie header. It ends with the browser: how long it is good for the record says. */
export function setCookie(kind: CookieKind, value: string, rules: CookieRules): string {
  return stringifySetCookie({ ...attributes(kind, rules), value });
}

export function dropCookie(kind: CookieKind, rules: CookieRules): string {
  return stringifySetCookie({ ...attributes(kind, rules), value: '', maxAge: 0 });
}

function attributes(kind: CookieKind, { secure, sameSite }: CookieRules) {
  return { name: cookieName(kind, { secure }), path: '/', httpOnly: true, secure, sameSite } as const;
}
