import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { judgeResolved, type Standing } from '../../core/address-judgement.ts';
import type { Finding } from '../../core/finding.ts';

/** Resolves a name to all its addresses, as node:dns `lookup` does. */
export type ResolveName = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Raised on the connection itself, after the name was resolved and before anything was sent. */
export class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED';
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(finding.message);
    this.finding = finding;
  }
}

/**
 * A lookup for the socket itself, so that the addresses judged are the addresses connected to: a name that is resolved once for
 * the check and again for the call can answer differently. One forbidden address among several refuses the name.
 */
export function guardedLookup(partner: Standing, resolve: ResolveName = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const finding = judgeResolved(
        addresses.map(({ address }) => address),
        partner,
      );
      if (finding !== undefined) return callback(new AddressRefused(finding), []);
      const [first] = addresses;
      if (options.all === true || first === undefined) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
