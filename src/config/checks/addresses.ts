import ipaddr from 'ipaddr.js';
import { errorAt, type Problem } from '../problem.ts';
import { field, items, type Spot, textOf } from '../spot.ts';

/** Where partners are reached: readable, encrypted, without credentials, and not inside our own network unless declared local. */
export function addressProblems(root: Spot): Problem[] {
  const server = field(root, 'engine', 'terminologyServer');
  const ofServer = urlProblems(field(server, 'url'), field(server, 'local').value === true);
  const ofPartners = items(field(root, 'partners')).flatMap((partner) => {
    const local = field(partner, 'local').value === true;
    return items(field(partner, 'outlets')).flatMap((outlet) => urlProblems(field(outlet, 'url'), local));
  });
  return [...ofServer, ...openIdProblems(field(root, 'engine', 'console', 'openId')), ...ofPartners];
}

function openIdProblems(openId: Spot): Problem[] {
  const isLocal = field(openId, 'local').value === true;
  const address = field(openId, 'address');
  const ofAddress = urlProblems(address, isLocal, OPEN_ID);
  const leadsThere = /\/console\/?$/.test(readableUrl(textOf(address) ?? '')?.pathname ?? '/console');
  return [
    ...urlProblems(field(openId, 'issuer'), isLocal, OPEN_ID),
    ...ofAddress,
    ...(leadsThere || ofAddress.length > 0 ? [] : [errorAt(address.path, NOT_CONSOLE)]),
  ];
}

/** An http(s) address without a fragment, or undefined. */
export function readableUrl(text: string): URL | undefined {
  if (!URL.canParse(text) || /\s/.test(text)) return undefined;
  const url = new URL(text);
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  return web && url.hash === '' && url.search === '' ? url : undefined;
}

function urlProblems(spot: Spot, local: boolean, flaws = PARTNER): Problem[] {
  const written = textOf(spot);
  if (written === undefined) return [];
  const url = readableUrl(written);
  if (url === undefined) return [errorAt(spot.path, flaws.bad)];
  const problems: Problem[] = [];
  if (url.username !== '' || url.password !== '') problems.push(errorAt(spot.path, flaws.credentials));
  if (url.protocol === 'http:' && !local) problems.push(errorAt(spot.path, flaws.plain));
  if (isPrivate(url.hostname) && !local) problems.push(errorAt(spot.path, flaws.inside));
  return problems;
}

/** An address that no partner outside has. Names are looked up when something is sent, and checked again then. */
function isPrivate(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() !== 'unicast';
}

const BAD_URL = {
  rule: 'config/bad-url',
  message: 'This is not an http or https address (without query and fragment).',
  remedy: 'Write the whole address, like "https://platform.example.org/hooks/hearback".',
};

const CREDENTIALS = {
  rule: 'config/url-credentials',
  message: 'The address holds a user name or a password.',
  remedy:
    'Remove them from the address and replace the password: it has been written down. Partners are authenticated by `secrets` or `token`.',
};

const PLAIN = {
  rule: 'config/plain-http',
  message: 'Plain http to a partner that is not local: patient data would be readable on the way.',
  remedy: 'Use https, or set `local: true` on the partner when both run on the same machine or private network.',
};

const PRIVATE = {
  rule: 'config/private-address',
  message: 'The address lies in a private network, and the partner is not declared local.',
  remedy: 'Use its public address, or set `local: true` on the partner.',
};

const PARTNER = { bad: BAD_URL, credentials: CREDENTIALS, plain: PLAIN, inside: PRIVATE };

/** The same rules where people sign in to the console: other things are at stake, and `local` stands elsewhere. */
const OPEN_ID: typeof PARTNER = {
  bad: { ...BAD_URL, remedy: 'Write the whole address, like "https://login.example.nhs.uk/realms/staff".' },
  credentials: {
    ...CREDENTIALS,
    remedy:
      'Remove them from the address and replace the password: it has been written down. Name it under `clientSecret`.',
  },
  plain: {
    rule: 'config/plain-http',
    message: 'Plain http: who signs in to the console could be overheard on the way.',
    remedy: 'Use https, or set `local: true` under `openId` for a trial on one machine.',
  },
  inside: {
    rule: 'config/private-address',
    message: 'The address lies in a private network, and the service is not declared local.',
    remedy: 'Use its public address, or set `local: true` under `openId`.',
  },
};

const NOT_CONSOLE = {
  rule: 'config/bad-url',
  message: 'This does not lead to the console: whoever has signed in would come back to nothing.',
  remedy: 'Write the address of the console as browsers know it, ending in /console.',
};
