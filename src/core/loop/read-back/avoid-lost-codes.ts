import type { Bundle, CodeableConcept, Coding, FhirResource } from 'fhir/r4.js';
import { knownLost, type LostCode } from './lost-code.ts';
import type { Code, ReadBackPolicy } from './reading.ts';

type Policy = Pick<ReadBackPolicy, 'knownLost' | 'instead'>;

/** What was done about a code that the record is known not to keep. */
export interface Avoided {
  readonly lost: LostCode;
  /** `sent`: all the same. `text`: left out, its words are sent. `instead`: another one is sent in its place. */
  readonly how: 'sent' | 'text' | 'instead';
}

/**
 * A write-back with the codes that this partner's record is known to lose replaced or left out, as the configuration says;
 * the words of an entry are never touched. What is given is not changed.
 */
export function avoidLostCodes(
  bundle: Bundle<FhirResource>,
  known: readonly LostCode[],
  policy: Policy,
): { readonly bundle: Bundle<FhirResource>; readonly avoided: readonly Avoided[] } {
  const lost = knownLost(codesIn(bundle), known);
  const avoided = lost.map((one): Avoided => ({ lost: one, how: howOf(one, policy) }));
  if (avoided.every(({ how }) => how === 'sent')) return { bundle, avoided };
  const entry = (bundle.entry ?? []).map((one) =>
    one.resource?.resourceType === 'Observation'
      ? { ...one, resource: { ...one.resource, code: concept(one.resource.code, lost, policy) } }
      : one,
  );
  return { bundle: { ...bundle, entry }, avoided };
}

function codesIn({ entry = [] }: Bundle<FhirResource>): Code[] {
  return entry.flatMap(({ resource }) =>
    resource?.resourceType === 'Observation' ? (resource.code.coding ?? []).flatMap(codeOf) : [],
  );
}

function codeOf({ system, code }: Coding): Code[] {
  return system === undefined || code === undefined ? [] : [{ system, code }];
}

function howOf(lost: Code, { knownLost: otherwise, instead }: Policy): Avoided['how'] {
  if (insteadOf(lost, instead) !== undefined) return 'instead';
  return otherwise === 'text' ? 'text' : 'sent';
}

function insteadOf({ system, code }: Code, instead: Policy['instead']): Code | undefined {
  return instead.find(({ lost }) => lost.system === system && lost.code === code)?.use;
}

function concept({ coding = [], ...words }: CodeableConcept, lost: readonly Code[], policy: Policy): CodeableConcept {
  const left = coding.flatMap((one): Coding[] => {
    const isLost = codeOf(one).some((code) =>
      lost.some((other) => other.system === code.system && other.code === code.code),
    );
    if (!isLost) return [one];
    const use = codeOf(one).map((code) => insteadOf(code, policy.instead))[0];
    if (use !== undefined) return [{ ...use }];
    return policy.knownLost === 'text' ? [] : [one];
  });
  const text = words.text ?? coding.find(({ display }) => display !== undefined)?.display;
  return { ...(left.length > 0 && { coding: left }), ...words, ...(text !== undefined && { text }) };
}
