import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { readReferral } from '../../../../src/core/fhir/read-referral.ts';
import type {
  ReadingGiven,
  ReferralAsk,
  ReferralReading,
  ReferralResult,
} from '../../../../src/core/fhir/read-result.ts';
import { referencesIn } from '../../../../src/core/fhir/references.ts';
import * as sent from '../../../fixtures/fhir/referral-bundle.ts';

function givens(): ReadingGiven {
  let count = 0;
  return {
    now: sent.NOW,
    newId: () => `id-${++count}`,
    referralId: 'referral-1',
    policy: { nhsNumberCheck: 'refuse', serviceCodes: () => 'yes' },
    known: () => undefined,
  };
}

const SHAPES: readonly { readonly content: () => FhirResource; readonly ask: ReferralAsk }[] = [
  { content: () => sent.transactionReferral(), ask: { kind: 'fhir-transaction' } },
  { content: () => sent.transactionReferral({ task: null }), ask: { kind: 'fhir-transaction' } },
  { content: () => sent.messageReferral(), ask: { kind: 'fhir-message' } },
  { content: () => sent.messageReferral('update', 'revoked'), ask: { kind: 'fhir-message' } },
  { content: sent.soleServiceRequest, ask: { kind: 'fhir-create', type: 'ServiceRequest' } },
  { content: sent.soleTask, ask: { kind: 'fhir-create', type: 'Task' } },
];
const BUNDLES = SHAPES.filter(({ ask }) => ask.kind !== 'fhir-create');

/** Removes or retargets things at random, so that readings with every kind of gap are tried. */
const broken = fc.constantFrom(...SHAPES).chain(({ content, ask }) => {
  const text = JSON.stringify(content());
  const urns = Object.values(sent.URNS);
  return fc
    .array(
      fc.record({
        from: fc.constantFrom(...urns),
        to: fc.constantFrom(...urns, 'Patient/none', '#none'),
        only: fc.boolean(),
      }),
      { maxLength: 3 },
    )
    .map((edits) => ({
      ask,
      content: JSON.parse(
        edits.reduce(
          (now, { from, to, only }) =>
            only
              ? now.replace(`"reference":"${from}"`, `"reference":"${to}"`)
              : now.replaceAll(`"reference":"${from}"`, `"reference":"${to}"`),
          text,
        ),
      ) as FhirResource,
    }));
});

/** A reading without what says in which order the entries came. */
function orderless(reading: ReferralReading | undefined) {
  const { entries = [], names = [] } = reading ?? {};
  return { ...reading, entries: entries.toSorted(), names: names.map(({ name, of }) => ({ name, of })) };
}

describe('reading a referral', () => {
  it('reads the entries of a Bundle to the same dossier in any order', () => {
    const shuffled = fc.constantFrom(...BUNDLES).chain(({ content, ask }) => {
      const bundle = content() as Bundle<FhirResource>;
      const entries = bundle.entry ?? [];
      return fc
        .shuffledSubarray(entries, { minLength: entries.length })
        .map((entry) => ({ ask, bundle, shuffled: { ...bundle, entry } }));
    });
    fc.assert(
      fc.property(shuffled, ({ ask, bundle, shuffled }) => {
        const [one, other] = [
          readReferral(bundle, ask, givens()).reading,
          readReferral(shuffled, ask, givens()).reading,
        ];
        expect(one).toBeDefined();
        expect(orderless(other)).toEqual(orderless(one));
      }),
    );
  });

  it('leaves no reference dangling in an accepted reading that was not reported', () => {
    fc.assert(
      fc.property(broken, ({ ask, content }) => {
        const { reading, findings } = readReferral(content, ask, givens());
        const addresses = new Set((reading?.resources ?? []).map(({ resourceType, id }) => `${resourceType}/${id}`));
        const lost = (reading?.resources ?? []).flatMap((one) =>
          referencesIn(one, '').filter(
            ({ reference }) => reference.reference !== undefined && !addresses.has(reference.reference),
          ),
        );
        const reported = findings.filter(({ rule }) => rule === 'referral/reference-unresolved');
        expect(lost.length).toBeLessThanOrEqual(reported.length);
      }),
    );
  });

  it('says why whenever it refuses, and never changes its input', () => {
    fc.assert(
      fc.property(broken, ({ ask, content }) => {
        const before = JSON.stringify(content);
        const { reading, findings } = readReferral(content, ask, givens());
        expect(reading === undefined).toBe(findings.some(({ severity }) => severity === 'error'));
        expect(JSON.stringify(content)).toBe(before);
      }),
    );
  });

  it('gives the same bytes for the same input and givens', () => {
    fc.assert(
      fc.property(broken, ({ ask, content }) => {
        const bytes = (): string => JSON.stringify(readReferral(content, ask, givens()) satisfies ReferralResult);
        expect(bytes()).toBe(bytes());
      }),
    );
  });

  it('repeats no value of the content in its findings', () => {
    const secret = 'Zanzibar-7';
    fc.assert(
      fc.property(broken, ({ ask, content }) => {
        const marked = JSON.parse(
          JSON.stringify(content).replaceAll('Marigold', secret).replaceAll('9990000018', secret),
        );
        expect(JSON.stringify(readReferral(marked, ask, givens()).findings)).not.toContain(secret);
      }),
    );
  });
});
