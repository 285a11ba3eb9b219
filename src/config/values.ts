import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { DURATION_PATTERN, parseDuration } from './duration.ts';
import type { Flaw } from './problem.ts';

/** Text of a given form. The flaw is what is said of any other text; it never repeats what was written. */
export function textLike(pattern: RegExp, flaw: Flaw) {
  return z
    .string()
    .meta({ pattern: pattern.source })
    .check((context) => {
      if (pattern.test(context.value)) return;
      context.issues.push({ code: 'custom', input: '', message: flaw.message, params: { ...flaw } });
    });
}

/** A duration, in milliseconds once read. `usual` is the default as it would be written. */
export function duration(usual: string, meaning: string) {
  return someDuration().prefault(usual).describe(meaning);
}

/** The same, which may be left out. */
export function optionalDuration(meaning: string) {
  return someDuration().optional().describe(meaning);
}

function someDuration() {
  return z
    .string()
    .meta({ pattern: DURATION_PATTERN.source })
    .transform((text, context) => {
      const milliseconds = parseDuration(text);
      if (milliseconds !== undefined) return milliseconds;
      context.issues.push({ code: 'custom', input: '', message: BAD_DURATION.message, params: { ...BAD_DURATION } });
      return z.NEVER;
    });
}

const BAD_DURATION: Flaw = {
  rule: 'config/bad-duration',
  message: 'This is not a duration between a millisecond and ten years.',
  remedy:
    'Write it like P14D, P12W or PT1H30M, or like 30s, 5m, 2h, 3d. Months and years vary in length: use weeks or days.',
};

/** A whole number between two bounds. */
export function wholeNumber(least: number, most: number) {
  return z.int().min(least).max(most);
}

export const kebabName = textLike(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, {
  rule: 'config/bad-name',
  message: 'This is not a name of small letters, digits and single hyphens that begins with a letter.',
  remedy: 'Write it like "oak-road-surgery".',
});

export const mappingName = textLike(/^[a-z0-9][a-z0-9-]*(?:\/[a-z0-9][a-z0-9-]*)*$/, {
  rule: 'config/bad-name',
  message: 'This is not the name of a mapping.',
  remedy: 'Write the path of its file below the mappings directory without ".map.yaml", like "casework/referral".',
});

export const odsCode = textLike(/^[A-Za-z0-9]{3,10}$/, {
  rule: 'config/bad-ods-code',
  message: 'This is not an ODS code.',
  remedy: 'Write the 3 to 10 letters and digits of the organisation\'s ODS code in quotes, like "A81001".',
});

export const codeToken = textLike(/^[^|\s]+\|[^|\s]+$/, {
  rule: 'config/bad-code',
  message: 'This is not a code with its system.',
  remedy: 'Write the system, a bar and the code in quotes, like "http://snomed.info/sct|267076002".',
});

export const somePath = z.string().min(1);

/** SHA-256 of a certificate as tools print it, in hex with or without colons; lower case without once read. */
export const certificateDigest = textLike(/^(?:[0-9A-Fa-f]{64}|(?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2})$/, {
  rule: 'config/bad-digest',
  message: 'This is not the SHA-256 digest of a certificate.',
  remedy: 'Write what `openssl x509 -in cert.pem -noout -fingerprint -sha256` prints after the equals sign.',
}).transform((text) => text.replaceAll(':', '').toLowerCase());

const BAD_NETWORK: Flaw = {
  rule: 'config/bad-network',
  message: 'This is neither an address nor a network.',
  remedy: 'Write an address like "10.20.30.40", or a network like "10.20.0.0/16".',
};

/** An IP address, or a network in CIDR notation. */
export const networkAddress = z.string().check((context) => {
  if (ipaddr.isValidCIDR(context.value) || ipaddr.isValid(context.value)) return;
  context.issues.push({ code: 'custom', input: '', message: BAD_NETWORK.message, params: { ...BAD_NETWORK } });
});
