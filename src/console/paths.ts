import { accessOf, ROUTE_NAMES, type RouteName } from './access.ts';

/** Where the console is served on the engine's listener. */
export const CONSOLE_PATH = '/console';

/** A path of our own: only `pathTo` makes one, so that nothing from outside is ever redirected to. */
export type ConsolePath = string & { readonly ofConsole: unique symbol };

/**
 * The path of a route with its parameters filled in. No patient data may be given: paths stand in logs and histories.
 * @throws Error when a parameter is missing
 */
export function pathTo(
  name: RouteName,
  parameters: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, string | undefined>> = {},
): ConsolePath {
  const filled = accessOf(name).path.replace(/([:*])([a-z]+)/gi, (_all, sign: string, key: string) => {
    const value = parameters[key];
    if (value === undefined || value === '') throw new Error(`the path of ${name} needs ${key}`);
    return sign === '*' ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value);
  });
  const asked = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) asked.set(key, value);
  const path = filled === '/' ? CONSOLE_PATH : `${CONSOLE_PATH}${filled}`;
  return `${path}${asked.size > 0 ? `?${asked}` : ''}` as ConsolePath;
}

/** The page of ours that a path from outside names, without its query; undefined for anything else. */
export function ownPage(path: string): ConsolePath | undefined {
  if (path === CONSOLE_PATH) return path as ConsolePath;
  if (!/^\/console\/[A-Za-z0-9/._~%-]*$/.test(path)) return undefined;
  const segments = path.slice(CONSOLE_PATH.length).split('/');
  // A browser takes the dots away before it asks: what it asks for would not be what was looked at here.
  if (segments.some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))) return undefined;
  const isPage = ROUTE_NAMES.some((name) => {
    const { method, roles, path: pattern } = accessOf(name);
    return method === 'GET' && roles !== 'anyone' && fits(pattern.split('/'), segments);
  });
  return isPage ? (path as ConsolePath) : undefined;
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false;
  return pattern.every((part, position) => {
    const segment = segments[position] ?? '';
    return part.startsWith(':') ? segment !== '' : part === segment;
  });
}
