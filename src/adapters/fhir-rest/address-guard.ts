import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { judgeAddress } from '../../core/address-judgement.ts';
import type { Finding } from '../../core/finding.ts';

/** Resolves a name to all its addresses, as node:dns `lookup` does. */
export type ResolveName = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Raised on the connection itself, after the name was resolved and before anything was sent. */
class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED';
}

/** The base as a URL, or why it must not be called. A host name is judged later, when it is resolved. */
export function checkBase(text: string, local: boolean): { readonly url: URL } | { readonly finding: Finding } {
  if (!URL.canParse(text)) return { finding: refused('It is not a URL.') };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return { finding: refused('It holds credentials.') };
  if (url.protocol !== 'https:' && !(local && url.protocol === 'http:'))
    return { finding: refused('It is not https.') };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // A literal address is never looked up, so that the guarded lookup would not see it.
  const finding = isIP(host) === 0 ? undefined : judgeAddress(host, { local });
  return finding === undefined ? { url } : { finding };
}

/** What is said when a name resolved to an address that must not be called. */
export function resolvedBadly(): Finding {
  return refused('Its name resolves to an address that is not called.');
}

/** A lookup for the socket itself: the addresses judged are the addresses connected to. One bad one refuses the name. */
export function guardedLookup(local: boolean, resolve: ResolveName = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const [first] = addresses;
      if (first === undefined || addresses.some(({ address }) => judgeAddress(address, { local }) !== undefined)) {
        return callback(new AddressRefused('the name resolves to an address that must not be called'), []);
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function refused(why: string): Finding {
  return {
    severity: 'error',
    rule: 'fhir-outlet/address',
    place: {},
    message: `The address of the FHIR endpoint must not be called. ${why}`,
    remedy: 'Use an https address on the public internet, or declare the partner local if it stands beside the engine.',
    issue: 'security',
  };
}
